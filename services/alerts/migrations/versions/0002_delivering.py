"""API keys, subscriptions and their deliveries; a change says which regions it touches."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)
LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("changes", sa.Column("regions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("changes", sa.Column("told_at", TIME))
    op.execute("UPDATE changes SET told_at = at")  # nobody subscribed to what is past
    op.create_index("ix_changes_told_at", "changes", ["told_at"])
    _keys()
    _subscriptions()
    _deliveries()
    _attempts()


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("digest", name="uq_api_keys_digest"),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("key_id", sa.String(26), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary()),
        sa.Column("old_until", TIME),
        sa.Column("challenge", sa.String(26), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("verified_at", TIME),
        sa.Column("troubled_since", TIME),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name="fk_subscriptions_key_id"),
    )
    for column in ("key_id", "state"):
        op.create_index(f"ix_subscriptions_{column}", "subscriptions", [column])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("subscription_id", sa.String(26)),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("change_seq", LONG),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name="fk_deliveries_subscription_id"),
        sa.UniqueConstraint("subscription_id", "change_seq", name="uq_deliveries_subscription_id"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due_at"])
    op.create_index("ix_deliveries_made_at", "deliveries", ["made_at"])


def _attempts() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("id", LONG, autoincrement=True, nullable=False),
        sa.Column("delivery_id", sa.String(26), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_attempts"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_delivery_attempts_delivery_id"),
    )
    op.create_index("ix_delivery_attempts_delivery_id", "delivery_attempts", ["delivery_id"])
