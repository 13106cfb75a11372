"""Which officer works on a case, and until when.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("claimed_by", sa.String(64)))
    op.add_column("cases", sa.Column("claimed_until", UtcTime()))


def downgrade() -> None:
    op.drop_column("cases", "claimed_until")
    op.drop_column("cases", "claimed_by")
