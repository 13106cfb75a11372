"""An officer's saved views of the queue: filters under a name of their own.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("officer", "name", name="one_view_per_name"),
    )


def downgrade() -> None:
    op.drop_table("saved_views")
