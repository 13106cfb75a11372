"""The posters of live alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "posters",
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", "kind", "language", name="pk_posters"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_posters_alert_id"),
    )
