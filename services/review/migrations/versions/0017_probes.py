"""An officer's probe is a sighting that the desk made itself.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sightings", sa.Column("probed_by", sa.String(64)))
    op.create_index("ix_sightings_probed_by", "sightings", ["probed_by"])


def downgrade() -> None:
    op.drop_index("ix_sightings_probed_by", "sightings")
    op.drop_column("sightings", "probed_by")
