"""What tells that a picture came before: its print, when it was made, and the photo that had it first.

Revision ID: 0033
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("picture_print", sa.LargeBinary()))
    op.add_column("photos", sa.Column("printed_at", UtcTime()))
    op.add_column("photos", sa.Column("repeats_id", sa.String(32)))
    for column in ("printed_at", "repeats_id"):
        op.create_index(f"ix_photos_{column}", "photos", [column])


def downgrade() -> None:
    for column in ("printed_at", "repeats_id"):
        op.drop_index(f"ix_photos_{column}", "photos")
    with op.batch_alter_table("photos") as photos:
        for column in ("repeats_id", "printed_at", "picture_print"):
            photos.drop_column(column)
