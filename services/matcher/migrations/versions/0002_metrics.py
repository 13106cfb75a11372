"""What metrics make of templates, the metrics that were learned, and what they are learned from.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from services.matcher.vectors import FaceVector
from shared.db import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("projections", "metrics", "statistics")


def upgrade() -> None:
    _projections()
    _metrics()
    _statistics()
    op.add_column("probes", sa.Column("age", sa.Double()))


def downgrade() -> None:
    with op.batch_alter_table("probes") as probes:
        probes.drop_column("age")
    for table in reversed(TABLES):
        op.drop_table(table)


def _projections() -> None:
    template = sa.ForeignKey("templates.id", ondelete="CASCADE")
    op.create_table(
        "projections",
        sa.Column("template_id", sa.String(26), template, primary_key=True),
        sa.Column("metric", sa.String(80), primary_key=True),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("pack_version", sa.String(40), nullable=False),
        sa.Column("vector", FaceVector(), nullable=False),
    )


def _metrics() -> None:
    op.create_table(
        "metrics",
        sa.Column("version", sa.String(80), primary_key=True),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("pack_version", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("arrays", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("activated_at", UtcTime()),
    )


def _statistics() -> None:
    op.create_table(
        "statistics",
        sa.Column("pack", sa.String(40), primary_key=True),
        sa.Column("pack_version", sa.String(40), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("band", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.LargeBinary(), nullable=False),
        sa.Column("outer", sa.LargeBinary()),
    )
