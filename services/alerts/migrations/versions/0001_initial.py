"""The tables of published alerts, and the bus's own."""

import sqlalchemy as sa
from alembic import op

from shared.migrate import create_bus_tables

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_bus_tables(op)
    _alerts()
    _messages()
    _renditions()
    _changes()


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("content_key", sa.LargeBinary()),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("first_sent", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    for column in ("status", "state", "first_sent", "expires"):
        op.create_index(f"ix_alerts_{column}", "alerts", [column])


def _messages() -> None:
    op.create_table(
        "cap_messages",
        sa.Column("identifier", sa.String(200), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("msg_type", sa.String(10), nullable=False),
        sa.Column("sent", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.Column("references", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("identifier", name="pk_cap_messages"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_cap_messages_alert_id"),
    )
    op.create_index("ix_cap_messages_alert_id", "cap_messages", ["alert_id"])


def _renditions() -> None:
    op.create_table(
        "renditions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha1", sa.String(40), nullable=False),
        sa.Column("alt", sa.JSON(), nullable=False),
        sa.Column("credit", sa.String(200), nullable=False),
        sa.Column("blob", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_renditions"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_renditions_alert_id"),
    )
    op.create_index("ix_renditions_alert_id", "renditions", ["alert_id"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("identifier", sa.String(200)),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_changes_alert_id"),
    )
    op.create_index("ix_changes_alert_id", "changes", ["alert_id"])
    op.create_index("ix_changes_status", "changes", ["status"])
