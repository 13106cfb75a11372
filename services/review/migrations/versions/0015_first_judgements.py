"""First judgements before the likelihood is shown; the features and the reason behind a decision.

Revision ID: 0015
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("candidate_id", sa.String(32), sa.ForeignKey("candidates.id"), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("features", sa.LargeBinary()),
        sa.Column("at", UtcTime(), nullable=False),
        sa.UniqueConstraint("candidate_id", "officer", name="one_judgement_per_officer"),
    )
    op.create_index("ix_judgements_candidate_id", "judgements", ["candidate_id"])
    op.add_column("decisions", sa.Column("reason", sa.String(20)))
    op.add_column("decisions", sa.Column("features", sa.LargeBinary()))


def downgrade() -> None:
    op.drop_column("decisions", "features")
    op.drop_column("decisions", "reason")
    op.drop_table("judgements")
