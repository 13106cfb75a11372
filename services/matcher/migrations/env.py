"""Alembic's entry: the room's tables and the bus's."""

from alembic import context

from services.matcher.models import db
from shared.migrate import run_env

run_env(context, db.metadata)
