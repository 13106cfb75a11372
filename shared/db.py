"""The databases: one a room, SQLite by default and PostgreSQL by URL, behind the same Flask-SQLAlchemy."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, event, make_url
from sqlalchemy.types import TypeDecorator

from shared import inbox, outbox

BUSY_MS = 15_000
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """Timezone-aware UTC in memory, whatever the database keeps (SQLite loses zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def room_database() -> SQLAlchemy:
    """A room's database, with the bus's own tables already in its metadata."""
    metadata = MetaData(naming_convention=NAMES)
    outbox.define(metadata)
    inbox.define(metadata)
    return SQLAlchemy(metadata=metadata)


def open_database(app: Flask, db: SQLAlchemy, url: str) -> None:
    """Binds `db` to `app` at `url`. SQLite: WAL, full sync, and a write lock taken when a Work begins."""
    place = make_url(url)
    options: dict[str, Any] = {"pool_pre_ping": True}
    if place.get_backend_name() == "sqlite":
        Path(place.database or "").parent.mkdir(parents=True, exist_ok=True)
        options = {"connect_args": {"timeout": BUSY_MS / 1000}}
    elif place.get_backend_name() == "postgresql":
        place = place.set(drivername="postgresql+psycopg")
    app.config["SQLALCHEMY_DATABASE_URI"] = place
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if place.get_backend_name() == "sqlite":
            _tame_sqlite(db.engine)


def _tame_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the begin event below says BEGIN itself
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
