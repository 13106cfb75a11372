"""A supervisor opens one case to one officer from elsewhere, for an hour.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hours",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("officer_id", sa.String(26), sa.ForeignKey("officers.id"), nullable=False),
        sa.Column("granted_by", sa.String(64), nullable=False),
        sa.Column("begins_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_hours_case_id", "hours", ["case_id"])
    op.create_index("ix_hours_officer_id", "hours", ["officer_id"])


def downgrade() -> None:
    op.drop_table("hours")
