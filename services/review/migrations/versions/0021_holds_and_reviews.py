"""A case that the law keeps from being erased; when a registered one was reviewed last, and since when it is due.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("held_by", sa.String(64)))
    for column in ("held_at", "reviewed_at", "review_due_at"):
        op.add_column("cases", sa.Column(column, UtcTime()))


def downgrade() -> None:
    for column in ("review_due_at", "reviewed_at", "held_at", "held_by"):
        op.drop_column("cases", column)
