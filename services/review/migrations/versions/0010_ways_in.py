"""People get in by invitation, password and second factor, or through their agency; programs by tokens.

Everybody is logged out once: sessions gain what they could not have had.

Revision ID: 0010
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime

revision = "0010"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("officers") as officers:
        officers.add_column(sa.Column("agency", sa.String(400)))
        officers.create_unique_constraint("uq_officers_agency", ["agency"])
    op.drop_table("desk_sessions")
    _sessions()
    _factors()
    _invitations()
    _tokens()


def downgrade() -> None:
    for table in ("agency_trips", "api_tokens", "grants", "invitations", "recovery_codes", "factors", "desk_sessions"):
        op.drop_table(table)
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _officer(),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_desk_sessions_officer_id", "desk_sessions", ["officer_id"])
    with op.batch_alter_table("officers") as officers:
        officers.drop_constraint("uq_officers_agency", type_="unique")
        officers.drop_column("agency")


def _officer(*, unique: bool = False) -> sa.Column[str]:
    return sa.Column("officer_id", sa.String(26), sa.ForeignKey("officers.id"), nullable=False, unique=unique or None)


def _sessions() -> None:
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(26), nullable=False, unique=True),
        _officer(),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=False),
        sa.Column("shown_at", UtcTime()),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("challenge", sa.String(100)),
        sa.Column("kept", sa.LargeBinary()),
    )
    op.create_index("ix_desk_sessions_officer_id", "desk_sessions", ["officer_id"])


def _factors() -> None:
    op.create_table(
        "factors",
        sa.Column("id", sa.String(26), primary_key=True),
        _officer(),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("credential", sa.String(1400), unique=True),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime()),
    )
    op.create_index("ix_factors_officer_id", "factors", ["officer_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        _officer(),
        sa.Column("made_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_recovery_codes_officer_id", "recovery_codes", ["officer_id"])


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        _officer(unique=True),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.String(26), primary_key=True),
        _officer(unique=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
    )


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(26), nullable=False, unique=True),
        _officer(),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("used_at", UtcTime()),
    )
    op.create_index("ix_api_tokens_officer_id", "api_tokens", ["officer_id"])
    op.create_table(
        "agency_trips",
        sa.Column("cookie_hash", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(100), nullable=False),
        sa.Column("next", sa.String(500), nullable=False),
        sa.Column("invitation", sa.String(64)),
        sa.Column("ends_at", UtcTime(), nullable=False),
    )
