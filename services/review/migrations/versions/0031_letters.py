"""Letters between the desk and families, mails that there is news, and requests for removal.

Revision ID: 0031
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("way", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("fact", sa.String(20)),
        sa.Column("text", sa.LargeBinary()),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.String(32)),
        sa.Column("message_id", sa.String(64)),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("read_at", UtcTime()),
        sa.Column("read_by", sa.String(64)),
        sa.Column("taken_at", UtcTime()),
    )
    op.create_index("ix_letters_case_id", "letters", ["case_id"])
    op.create_index("ix_letters_message_id", "letters", ["message_id"])
    op.create_table(
        "contacts",
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("confirmed_at", UtcTime()),
    )
    op.create_table(
        "family_mails",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("fault", sa.String(100)),
    )
    op.create_index("ix_family_mails_case_id", "family_mails", ["case_id"])
    op.create_index("ix_family_mails_state", "family_mails", ["state"])
    _removals()
    op.add_column("photos", sa.Column("letter_id", sa.String(32)))
    op.add_column("photos", sa.Column("added_at", UtcTime()))
    op.add_column("photos", sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()))


def _removals() -> None:
    op.create_table(
        "removals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("receipt_id", sa.String(64), unique=True),
        sa.Column("family_key", sa.String(64)),
        sa.Column("alert_id", sa.String(64)),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id")),
        sa.Column("region", sa.String(12)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("content_key", sa.LargeBinary()),
        sa.Column("details", sa.LargeBinary()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("remind_at", UtcTime(), nullable=False),
        sa.Column("answer_by", UtcTime(), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answered_at", UtcTime()),
    )
    for column in ("case_id", "region", "state"):
        op.create_index(f"ix_removals_{column}", "removals", [column])


def downgrade() -> None:
    with op.batch_alter_table("photos") as photos:
        for column in ("waits", "added_at", "letter_id"):
            photos.drop_column(column)
    for table in ("removals", "family_mails", "contacts", "letters"):
        op.drop_table(table)
