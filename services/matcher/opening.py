"""The matcher's tools for a command of the operator, beside the worker that may be at work."""

from flask import Flask
from sqlalchemy import inspect

from services.matcher.models import LearnedMetric, db
from services.matcher.tools import Tools
from services.matcher.worker import open_worker
from shared.config import Settings
from shared.errors import ConfigError


def opened(settings: Settings) -> tuple[Flask, Tools]:
    """The application context and tools of the pack that is set. Raises ConfigError where something is missing."""
    app, tools = open_worker(settings)
    with app.app_context():
        if not inspect(db.engine).has_table(LearnedMetric.__tablename__):
            raise ConfigError("The matcher has no database yet; run `homeward migrate` first.")
    return app, tools
