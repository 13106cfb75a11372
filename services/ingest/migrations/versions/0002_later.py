"""What comes after a report: additions, answers, the e-mail's confirmation, and requests for removal.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipts", sa.Column("answer_by", UtcTime()))
    op.add_column("family_messages", sa.Column("asks", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("family_messages", sa.Column("answered_at", UtcTime()))
    op.create_table(
        "additions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("receipt_id", sa.String(26), sa.ForeignKey("receipts.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(64)),
        sa.Column("sent_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_additions_receipt_id", "additions", ["receipt_id"])
    op.create_table(
        "contact_checks",
        sa.Column("receipt_id", sa.String(26), sa.ForeignKey("receipts.id"), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False, unique=True),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("confirmed_at", UtcTime()),
    )


def downgrade() -> None:
    op.drop_table("contact_checks")
    op.drop_table("additions")
    with op.batch_alter_table("family_messages") as messages:
        messages.drop_column("answered_at")
        messages.drop_column("asks")
    with op.batch_alter_table("receipts") as receipts:
        receipts.drop_column("answer_by")
