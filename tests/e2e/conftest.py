"""The running stack with its story played, and a real browser."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bench.stacks import free_ports
from services.demo.play import Played, play_on
from shared.config import Settings

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The exercise's stack on free ports, every step of its story played; it runs until the last test."""
    ports = free_ports(6)
    home = Settings.from_env({"HOMEWARD_HOME": str(tmp_path_factory.mktemp("home"))})
    settings = replace(
        home, models=Settings.from_env().models, exercise=True,
        ingest_port=ports[0], review_port=ports[1], alerts_port=ports[2], metrics_port=ports[3],
    )  # fmt: skip
    with play_on(settings) as played:
        yield played


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. It may be missing on a developer's machine, never where CI runs."""
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
