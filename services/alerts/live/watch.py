"""Whether anything was committed to the database since it was last asked: microseconds on SQLite."""

import sqlite3
import threading

from sqlalchemy import Engine, select

from services.alerts.models import ChangeHead
from shared.db import BUSY_MS


class Watch:
    """SQLite counts, for each connection, what others commit (`PRAGMA data_version`); elsewhere the number of the
    newest change is read. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.lock = threading.Lock()
        self.file = None
        if engine.dialect.name == "sqlite":
            self.file = sqlite3.connect(str(engine.url.database), timeout=BUSY_MS / 1000, check_same_thread=False)

    def mark(self) -> int:
        """A number that is another one after every change."""
        if self.file is None:
            with self.engine.connect() as connection:
                return connection.scalar(select(ChangeHead.seq)) or 0
        with self.lock:
            return int(self.file.execute("PRAGMA data_version").fetchone()[0])
