"""What a confirmed match sets off, and whom it asks to speak with the family.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("candidate_id", sa.String(32), sa.ForeignKey("candidates.id"), primary_key=True),
        sa.Column("chosen_by", sa.String(64), nullable=False),
        sa.Column("chosen_at", UtcTime(), nullable=False),
        sa.Column("liaison", sa.String(64)),
        sa.Column("told_at", UtcTime()),
        sa.Column("told_by", sa.String(64)),
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("drafts.id")),
    )
    op.create_index("ix_follow_ups_liaison", "follow_ups", ["liaison"])


def downgrade() -> None:
    op.drop_table("follow_ups")
