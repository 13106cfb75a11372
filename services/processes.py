"""The processes of a stack: a room's door under granian, and a room's worker.

python -m services.processes door|worker ROOM
"""

import functools
import importlib
import logging
import sys
from typing import Any

from shared.config import Settings
from shared.process import die_with_parent

DOORS = ("ingest", "review", "alerts")
WORKERS = ("ingest", "review", "matcher", "alerts")
THREADS = 8


def log_plainly() -> None:
    """Log lines on standard error, with no payload and no personal data in them (see shared/bus.py)."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("botocore", "urllib3", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def run_door(room: str, settings: Settings) -> None:
    """Serves a room's door on loopback until it is told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        room,
        port=settings.port(room),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=functools.partial(_load, settings))


def _load(settings: Settings, room: str) -> Any:
    """Makes the app inside granian's worker process, which is not to outlive granian."""
    die_with_parent()
    log_plainly()
    return open_app(room, settings)


def open_app(room: str, settings: Settings) -> Any:
    """A room's web application, and its metrics on their own loopback port."""
    from shared.metrics import expose

    app = importlib.import_module(f"services.{room}.app").create_app(settings)
    expose(app, settings.metrics_port + DOORS.index(room))
    return app


def run_worker(room: str, settings: Settings) -> None:
    """Works for a room until it is told to stop."""
    log_plainly()
    importlib.import_module(f"services.{room}.worker").main(settings)


def main() -> None:
    """What the stack starts: loads nothing but what this one process needs."""
    kind, room = sys.argv[1:]
    {"door": run_door, "worker": run_worker}[kind](room, Settings.from_env())


if __name__ == "__main__":
    main()
