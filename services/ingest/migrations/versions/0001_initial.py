"""The families' door's first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime
from shared.migrate import create_bus_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_bus_tables(op)
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("code_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("submitted_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "family_messages",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("receipt_id", sa.String(26), sa.ForeignKey("receipts.id"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_family_messages_receipt_id", "family_messages", ["receipt_id"])
    op.create_table(
        "kept_photos",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("form_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_kept_photos_form_id", "kept_photos", ["form_id"])
    op.create_index("ix_kept_photos_expires_at", "kept_photos", ["expires_at"])


def downgrade() -> None:
    for table in ("kept_photos", "family_messages", "receipts"):
        op.drop_table(table)
