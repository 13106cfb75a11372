"""An ended case that the law keeps from being erased.

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
    op.add_column("cases", sa.Column("held_at", UtcTime()))


def downgrade() -> None:
    op.drop_column("cases", "held_at")
    op.drop_column("cases", "held_by")
