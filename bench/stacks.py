"""A stack of its own for measuring, on ports of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from services.processes import DOORS
from services.stack import is_ready
from shared.config import Settings


def settings_in(home: Path) -> Settings:
    """Settings of an exercise in `home`, on ports that are free now."""
    settings = replace(Settings.from_env({"HOMEWARD_HOME": str(home)}), exercise=True)
    settings = replace(settings, models=Settings.from_env().models)
    ports = free_ports(2 * len(DOORS))
    settings = replace(settings, ingest_port=ports[0], review_port=ports[1], alerts_port=ports[2])
    return replace(settings, metrics_port=ports[3])


def free_ports(count: int) -> list[int]:
    """Neighbouring ports that nobody listens on."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = int(probe.getsockname()[1])
        ports = list(range(first, first + count))
        if ports[-1] < 65536 and all(_free(port) for port in ports):
            return ports


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def running(settings: Settings) -> Iterator[int]:
    """`homeward up` as its user starts it, ready; the process id of the whole."""
    program = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "up"],
        env=os.environ | settings.environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        while not all(is_ready(settings, room) for room in DOORS):
            if program.poll() is not None:
                raise RuntimeError("the stack ended before it was ready")
            time.sleep(0.1)
        yield program.pid
    finally:
        program.terminate()
        program.wait()
