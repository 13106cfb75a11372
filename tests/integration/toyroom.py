"""A room for tests of the bus: it notes what it was told in a table of its own. Run as a process, it is its worker."""

import os
import signal
import sys
import time
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.bus import Work
from shared.config import Settings
from shared.db import open_database, room_database
from shared.errors import Refused
from shared.messages import MESSAGES, ForgetCompleted, ForgetRequested, Message
from shared.room import Room, open_room
from shared.worker import run_worker


class Toy:
    def __init__(self, name: str, settings: Settings) -> None:
        self.db: SQLAlchemy = room_database()
        db = self.db

        class Note(db.Model):  # type: ignore[name-defined, misc]
            __tablename__ = "notes"
            id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
            text: Mapped[str] = mapped_column(String)
            detail: Mapped[str | None] = mapped_column(String)

        self.note = Note
        self.app = Flask(name)
        open_database(self.app, db, settings.database_url(name))
        with self.app.app_context():
            db.create_all()
        self.room: Room = open_room(name, db, settings)
        self.handlers = dict.fromkeys(MESSAGES.values(), self.handle)

    def handle(self, message: Message, work: Work) -> None:
        slow = self.room.settings.home / "slow"
        if slow.exists():
            (self.room.settings.home / "busy").write_text(str(os.getpid()))
            time.sleep(float(slow.read_text()))
        if (self.room.settings.home / "broken").exists():
            raise RuntimeError("the handler is broken")
        if (self.room.settings.home / "refuse").exists():
            raise Refused("as_the_test_asks")
        case_key = getattr(message, "case_key", None)
        work.session.add(self.note(text=f"{type(message).__name__} {message.subject}", detail=case_key))
        die = self.room.settings.home / "die after commit"
        if isinstance(message, ForgetRequested) and die.exists():
            die.unlink()
            work.publish(ForgetCompleted(message.case_key, 1))
            work.after_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))

    def notes(self) -> list[str]:
        with self.app.app_context():
            rows = self.db.session.query(self.note).order_by(self.note.id).all()
            return [row.text for row in rows]

    def details(self, text: str) -> list[str | None]:
        """The case keys that messages noted as `text` carried."""
        with self.app.app_context():
            rows = self.db.session.query(self.note).filter_by(text=text).order_by(self.note.id).all()
            return [row.detail for row in rows]

    def send(self, *messages: Message) -> list[str]:
        with self.app.app_context(), self.room.bus.work() as work:
            return [work.publish(message) for message in messages]


def main() -> None:
    settings = Settings.from_env()
    toy = Toy(sys.argv[1], settings)
    Path(settings.home / f"{sys.argv[1]}.pid").write_text(str(os.getpid()))
    run_worker(toy.app, toy.room.bus, toy.room.queue, toy.handlers)


if __name__ == "__main__":
    main()
