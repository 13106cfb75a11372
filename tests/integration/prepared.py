"""What every test's app needs and no test is about: made once a run and used again, since tests open hundreds of apps.
A room's database as its migrations make it, and its templates compiled."""

import sqlite3
from contextlib import closing

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from services.prepare import migrate_room
from shared.config import Settings

_MADE: dict[str, bytes] = {}


class _Compiled(BytecodeCache):
    """Jinja keeps compiled templates here; one whose source has changed is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: dict[str, _Compiled] = {}


def templates(app: Flask, room: str) -> Flask:
    """The app, which does not compile a template that another app of its room has compiled."""
    app.jinja_env.bytecode_cache = _COMPILED.setdefault(room, _Compiled())
    return app


def migrated(settings: Settings, room: str) -> None:
    """Brings the room's database to the newest version; an SQLite file that is not there yet is copied."""
    file = settings.home / f"{room}.sqlite"
    if file.exists() or settings.database_url(room) != f"sqlite:///{file}":
        migrate_room(settings, room)
        return
    if room not in _MADE:
        migrate_room(settings, room)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _MADE[room] = file.read_bytes()
    file.write_bytes(_MADE[room])
