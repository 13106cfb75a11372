"""When an alert's area next widens by itself; posters are of a CAP message, of which a version can have several."""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("alerts", sa.Column("widens_at", UtcTime()))
    op.create_index("ix_alerts_widens_at", "alerts", ["widens_at"])
    with op.batch_alter_table("posters") as posters:
        posters.alter_column("version", new_column_name="number", existing_type=sa.Integer(), existing_nullable=False)
    op.execute("UPDATE posters SET number = (SELECT messages FROM alerts WHERE alerts.id = posters.alert_id)")
