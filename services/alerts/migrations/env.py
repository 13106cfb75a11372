"""Alembic's entry into the alerts room's tables."""

from alembic import context

from services.alerts.models import db
from shared.migrate import run_env

run_env(context, db.metadata)
