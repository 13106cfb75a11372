"""Who wrote a report down, and how it reached them.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("filed_by", sa.String(64)))
    op.add_column("cases", sa.Column("filed_how", sa.String(20)))


def downgrade() -> None:
    op.drop_column("cases", "filed_how")
    op.drop_column("cases", "filed_by")
