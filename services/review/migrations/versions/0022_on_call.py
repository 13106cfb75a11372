"""Whom the desk pages, about what, and what became of each call.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "on_call",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("region", sa.String(12), nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "pages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("why", sa.String(30), nullable=False),
        sa.Column("subject_id", sa.String(32), nullable=False),
        sa.Column("region", sa.String(12)),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("why", "subject_id", name="one_page_per_cause"),
    )
    op.create_table(
        "page_calls",
        sa.Column("page_id", sa.String(32), sa.ForeignKey("pages.id"), primary_key=True),
        sa.Column("on_call_id", sa.String(32), sa.ForeignKey("on_call.id"), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("fault", sa.String(100)),
    )
    op.create_index("ix_page_calls_state", "page_calls", ["state"])


def downgrade() -> None:
    op.drop_table("page_calls")
    op.drop_table("pages")
    op.drop_table("on_call")
