"""What every test may ask for: a state folder with keys, and the real queue server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import valkey
from shared.config import Settings
from shared.keys import create_keys
from shared.routes import ROOMS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty state folder that has keys."""
    create_keys(tmp_path / "keys", ROOMS)
    return Settings.from_env({"HOMEWARD_HOME": str(tmp_path)})


@pytest.fixture
def queue_server(settings: Settings) -> Iterator[Settings]:
    """The same, with its Valkey running."""
    process = valkey.start(settings.home / "valkey")
    yield settings
    process.kill()
    process.wait()
