"""In which round each case was enrolled last, and which model pack the matcher wants.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ALREADY_ENROLLED = """
    UPDATE cases SET enrolled_in = '' WHERE state = 'registered'
    AND EXISTS (SELECT 1 FROM photos WHERE photos.case_id = cases.id AND photos.outcome IS NOT NULL)
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("enrolled_in", sa.String(26)))
    op.add_column("cases", sa.Column("asked_in", sa.String(26)))
    op.add_column("cases", sa.Column("asked_at", UtcTime()))
    op.create_table(
        "wanted_pack",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("round_id", sa.String(26), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
    )
    op.execute(ALREADY_ENROLLED)


def downgrade() -> None:
    op.drop_table("wanted_pack")
    with op.batch_alter_table("cases") as cases:
        for column in ("asked_at", "asked_in", "enrolled_in"):
            cases.drop_column(column)
