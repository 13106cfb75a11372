"""What a draft said when it was returned, so that who reads it again sees what was mended.

Revision ID: 0023
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("turned_down", sa.LargeBinary()))


def downgrade() -> None:
    with op.batch_alter_table("drafts") as drafts:
        drafts.drop_column("turned_down")
