"""The whole stack on one machine: Valkey, three doors and four workers, each started again if it ends."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import requests

from services.processes import DOORS, WORKERS
from shared import valkey
from shared.config import Settings
from shared.errors import HomewardError
from shared.process import die_with_parent

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 8.0
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
ARENAS = "2"
"""How many heaps glibc keeps in a process of many threads; its own default keeps memory that nobody uses."""


@dataclass
class Child:
    """A process of the stack. `pause` is how long to wait before it is started again, should it end now."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    begun: float = 0.0
    pause: float = 0.5
    due: float = 0.0


@dataclass
class Stack:
    """Use as a context manager; inside it, call `tend` again and again."""

    settings: Settings
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    lock: IO[str] | None = None

    def __enter__(self) -> "Stack":
        (self.settings.home / "logs").mkdir(parents=True, exist_ok=True)
        self.lock = _lock(self.settings.home)
        for room in DOORS:
            check_port(self.settings, room)
        if not self.settings.redis_url:
            self.children.append(Child("valkey", lambda: valkey.start(self.settings.home / "valkey")))
        self.children += [self._child("worker", room) for room in WORKERS]
        self.children += [self._child("door", room) for room in DOORS]
        try:
            for child in self.children:
                _start(child)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _child(self, kind: str, room: str) -> Child:
        return Child(f"{room} {kind}", lambda: _spawn(self.settings, kind, room))

    def tend(self) -> None:
        """Starts again what has ended, after a pause that doubles while it keeps ending."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._ended(child, now)
            if child.process is None and now >= child.due:
                _start(child)

    def _ended(self, child: Child, now: float) -> None:
        code = child.process.returncode if child.process else None
        child.pause = 0.5 if now - child.begun > STEADY_AFTER_S else min(LONGEST_PAUSE_S, child.pause * 2)
        child.process, child.due = None, now + child.pause / 2
        self.say(f"{child.name} ended ({_how(code)}); starting it again. Logs: {self.settings.home / 'logs'}")

    def wait_until_ready(self) -> float:
        """Seconds until every door's /readyz was green. Raises HomewardError naming who is not."""
        begun = time.monotonic()
        waiting = list(DOORS)
        while waiting:
            self.tend()
            waiting = [room for room in waiting if not is_ready(self.settings, room)]
            if waiting and time.monotonic() - begun > READY_WITHIN_S:
                logs = self.settings.home / "logs"
                raise HomewardError(f"Not ready after {READY_WITHIN_S:.0f} s: {', '.join(waiting)}. Logs: {logs}")
            time.sleep(0.1)
        return time.monotonic() - begun

    def stop(self) -> None:
        """Ends all, the queue server last; what a worker had begun is finished or taken up at the next start."""
        running = [child for child in self.children if child.process and child.process.poll() is None]
        queue = [child for child in running if child.name == "valkey"]
        _end([child for child in running if child not in queue])
        _end(queue)
        if self.lock:
            self.lock.close()


def prepare_apart(settings: Settings) -> None:
    """Makes what is missing, in a process that ends: what it loads for that does not stay. Raises HomewardError."""
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "prepare"], env=os.environ | settings.environment(), check=False
    )
    if done.returncode:
        raise HomewardError("The stack was not started.")


def _start(child: Child) -> None:
    child.process, child.begun = child.start(), time.monotonic()


def _spawn(settings: Settings, kind: str, room: str) -> "subprocess.Popen[bytes]":
    with (settings.home / "logs" / f"{room}-{kind}.log").open("ab") as out:
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "services.processes", kind, room],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=os.environ | settings.environment() | {"MALLOC_ARENA_MAX": ARENAS},
            preexec_fn=_apart,
        )


def _apart() -> None:
    """Dies with the stack, and does not get the terminal's Ctrl-C: the stack ends it in order."""
    die_with_parent()
    os.setpgrp()


def _end(children: list[Child]) -> None:
    for child in children:
        if child.process:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    for child in children:
        if child.process:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def is_ready(settings: Settings, room: str) -> bool:
    """Whether the room's door on this machine answers that it is ready."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between us and ourselves
        try:
            return session.get(f"http://127.0.0.1:{settings.port(room)}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False


def check_port(settings: Settings, room: str) -> None:
    """Raises HomewardError if something else listens where the room's door is to be."""
    port = settings.port(room)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise HomewardError(f"Port {port} is in use. Set HOMEWARD_{room.upper()}_PORT to a free one.") from error


def _lock(home: Path) -> IO[str]:
    """Held while the stack runs, so that two never share a state folder."""
    file = (home / "stack.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise HomewardError(f"A stack is already running in {home}. Stop it, or set HOMEWARD_HOME.") from error
    return file


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit {code}"
