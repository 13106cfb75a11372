"""Likely duplicates: pairs of cases, the traces that they are found by, and which case another was merged into.

Revision ID: 0030
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0030"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "likely_pairs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("first_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("second_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("points", sa.Integer()),
        sa.Column("band", sa.String(20)),
        sa.Column("score", sa.Double()),
        sa.Column("found_at", UtcTime(), nullable=False),
        sa.Column("apart_by", sa.String(64)),
        sa.Column("apart_at", UtcTime()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.UniqueConstraint("first_id", "second_id", name="one_row_per_pair"),
    )
    op.create_index("ix_likely_pairs_first_id", "likely_pairs", ["first_id"])
    op.create_index("ix_likely_pairs_second_id", "likely_pairs", ["second_id"])
    op.create_table(
        "case_traces",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("trace", sa.String(32), primary_key=True),
    )
    op.create_index("ix_case_traces_trace", "case_traces", ["trace"])
    for column, kind in (("merged_into", sa.String(32)), ("merged_from", sa.String(20))):
        op.add_column("cases", sa.Column(column, kind))
    for column in ("merged_at", "compared_at"):
        op.add_column("cases", sa.Column(column, UtcTime()))
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_cases_merged_into", "cases")
    for column in ("compared_at", "merged_at", "merged_from", "merged_into"):
        op.drop_column("cases", column)
    op.drop_table("case_traces")
    op.drop_table("likely_pairs")
