"""What would make a photo more useful, in the matcher's codes; and where it saw faces.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("advice", sa.JSON(none_as_null=True)))
    op.add_column("photos", sa.Column("found", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    op.drop_column("photos", "found")
    op.drop_column("photos", "advice")
