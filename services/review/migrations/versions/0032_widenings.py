"""The Updates that the alerts room made by itself of an approved version, each with a wider circle.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_widenings",
        sa.Column("identifier", sa.String(200), primary_key=True),
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("drafts.id"), nullable=False),
        sa.Column("radius_km", sa.Double(), nullable=False),
        sa.Column("sent", UtcTime(), nullable=False),
    )
    op.create_index("ix_draft_widenings_draft_id", "draft_widenings", ["draft_id"])


def downgrade() -> None:
    op.drop_table("draft_widenings")
