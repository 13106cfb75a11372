"""Two toy rooms on a real queue: their workers as processes that a test starts and kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from toyroom import Toy

from shared.config import Settings
from shared.messages import ForgetRequested

PATIENCE_S = 40.0


def eventually(check: Callable[[], bool], within: float = PATIENCE_S) -> float:
    start = time.monotonic()
    while time.monotonic() - start < within:
        if check():
            return time.monotonic() - start
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s")


class Stack:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.review = Toy("review", settings)
        self.matcher = Toy("matcher", settings)

    def start(self, *rooms: str) -> None:
        for room in rooms:
            self.processes[room] = self.spawn(room)

    def spawn(self, room: str) -> "subprocess.Popen[bytes]":
        """A worker of the room; it could import what is in the state folder."""
        path = os.pathsep.join((os.environ.get("PYTHONPATH", ""), str(self.settings.home)))
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "toyroom.py"), room],
            env=os.environ | self.settings.environment() | {"PYTHONPATH": path},
        )

    def kill(self, room: str) -> None:
        self.processes[room].send_signal(signal.SIGKILL)
        self.processes[room].wait()

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()

    def outbox(self, toy: Toy) -> list[tuple[str, str, str]]:
        rows = toy.room.bus.outbox.rows
        with toy.app.app_context():
            found = toy.db.session.execute(select(rows.c.type, rows.c.state, rows.c.reason).order_by(rows.c.position))
            return [tuple(row) for row in found]

    def refusals(self, toy: Toy) -> list[str]:
        kept = toy.room.bus.inbox.refusals
        with toy.app.app_context():
            return [reason for (reason,) in toy.db.session.execute(select(kept.c.reason))]


def forget(key: str = "k1") -> ForgetRequested:
    return ForgetRequested(key)
