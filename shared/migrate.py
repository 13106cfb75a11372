"""Runs a room's Alembic migrations; the same ones on SQLite and PostgreSQL."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData

from shared import inbox, outbox
from shared.db import NAMES

SERVICES = Path(__file__).parent.parent / "services"


def migrate(app: Flask, db: SQLAlchemy, room: str) -> None:
    """Brings the room's database to the newest version, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(SERVICES / room / "migrations"))
    with app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def run_env(context: Any, metadata: MetaData) -> None:
    """The body of every room's migrations/env.py."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def create_bus_tables(op: Any) -> None:
    """First step of every room's first migration: the outbox's and the inbox's tables."""
    metadata = MetaData(naming_convention=NAMES)
    outbox.define(metadata)
    inbox.define(metadata)
    metadata.create_all(op.get_bind())
