"""The migrations make exactly the tables that the models describe, on both databases."""

import importlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from services.prepare import migrate_room
from shared.config import Settings
from shared.db import open_database
from shared.routes import ROOMS


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_migrations_equal_models(room: str, engine: str, settings: Settings, postgres: Callable[[], str]) -> None:
    if engine == "postgresql":
        settings = replace(settings, **{f"{room}_database_url": postgres()})
    migrate_room(settings, room)
    migrate_room(settings, room)  # a second time changes nothing
    db = importlib.import_module(f"services.{room}.models").db
    app = Flask(room)
    open_database(app, db, settings.database_url(room))
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
