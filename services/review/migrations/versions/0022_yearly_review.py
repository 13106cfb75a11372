"""When a registered case was reviewed last, and since when a review is due.

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
    op.add_column("cases", sa.Column("reviewed_at", UtcTime()))
    op.add_column("cases", sa.Column("review_due_at", UtcTime()))


def downgrade() -> None:
    op.drop_column("cases", "review_due_at")
    op.drop_column("cases", "reviewed_at")
