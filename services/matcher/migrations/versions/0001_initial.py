"""The matcher's first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from services.matcher.vectors import FaceVector
from shared.db import UtcTime
from shared.migrate import create_bus_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("gallery_head", "templates", "forgotten", "searches", "probes")
"""In the order of their making: each refers only to those before it."""


def upgrade() -> None:
    create_bus_tables(op)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    _gallery()
    _searches()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _sequence() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False)


def _gallery() -> None:
    op.create_table(
        "gallery_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        _sequence(),
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.String(26), primary_key=True),
        _sequence(),
        sa.Column("case_key", sa.String(64), nullable=False),
        sa.Column("photo_id", sa.String(64), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("pack_version", sa.String(40), nullable=False),
        sa.Column("vector", FaceVector(), nullable=False),
        sa.Column("age_at_photo", sa.Double()),
        sa.Column("quality", sa.Double(), nullable=False),
        sa.Column("grant", sa.Text(), nullable=False),
        sa.Column("photo_digest", sa.String(64), nullable=False),
        sa.Column("enrolled_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("case_key", "photo_id", name="one_template_per_photo"),
    )
    op.create_index("ix_templates_case_key", "templates", ["case_key"])
    op.create_index("ix_templates_seq", "templates", ["seq"])
    op.create_table(
        "forgotten",
        sa.Column("case_key", sa.String(64), primary_key=True),
        _sequence(),
        sa.Column("forgotten_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_forgotten_seq", "forgotten", ["seq"])


def _searches() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("grant_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("searched_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_searches_searched_at", "searches", ["searched_at"])
    op.create_table(
        "probes",
        sa.Column("search_id", sa.String(64), sa.ForeignKey("searches.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("face", sa.JSON(), nullable=False),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("pack_version", sa.String(40), nullable=False),
        sa.Column("vector", FaceVector(), nullable=False),
    )
