"""The police desk's first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from shared.db import UtcTime
from shared.migrate import create_bus_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "officers",
    "desk_sessions",
    "cases",
    "sightings",
    "photos",
    "searches",
    "candidates",
    "decisions",
    "drafts",
    "draft_writers",
    "audit",
    "audit_head",
)
"""In the order of their making: each refers only to those before it."""


def upgrade() -> None:
    create_bus_tables(op)
    _people()
    _cases()
    _sightings()
    _candidates()
    _drafts()
    _audit()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "officers",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("officer_id", sa.String(26), sa.ForeignKey("officers.id"), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_desk_sessions_officer_id", "desk_sessions", ["officer_id"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("case_key", sa.String(32), unique=True),
        sa.Column("receipt_id", sa.String(64), unique=True),
        sa.Column("family_key", sa.String(64)),
        sa.Column("region", sa.String(12)),
        sa.Column("language", sa.String(8)),
        sa.Column("content_key", sa.LargeBinary()),
        sa.Column("details", sa.LargeBinary()),
        sa.Column("registered_by", sa.String(64)),
        sa.Column("close_reason", sa.String(20)),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime()),
    )
    op.create_index("ix_cases_region", "cases", ["region"])
    op.create_index("ix_cases_state", "cases", ["state"])


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("receipt_id", sa.String(64), unique=True),
        sa.Column("alert", sa.String(64)),
        sa.Column("region", sa.String(12)),
        sa.Column("in_danger", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("content_key", sa.LargeBinary()),
        sa.Column("details", sa.LargeBinary()),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime()),
    )
    op.create_index("ix_sightings_expires_at", "sightings", ["expires_at"])
    op.create_index("ix_sightings_region", "sightings", ["region"])
    op.create_table(
        "photos",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id")),
        sa.Column("sighting_id", sa.String(32), sa.ForeignKey("sightings.id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(200)),
        sa.Column("digest", sa.String(64)),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Date()),
        sa.Column("age", sa.Double()),
        sa.Column("face", sa.JSON(none_as_null=True)),
        sa.Column("faces", sa.JSON(none_as_null=True)),
        sa.Column("outcome", sa.String(20)),
        sa.Column("quality", sa.Double()),
    )
    op.create_index("ix_photos_case_id", "photos", ["case_id"])
    op.create_index("ix_photos_sighting_id", "photos", ["sighting_id"])


def _candidates() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("photo_id", sa.String(32), sa.ForeignKey("photos.id"), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("region", sa.String(12)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("faces_found", sa.Integer()),
        sa.Column("faces_searched", sa.Integer()),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("answered_at", UtcTime()),
    )
    op.create_index("ix_searches_asked_at", "searches", ["asked_at"])
    op.create_index("ix_searches_photo_id", "searches", ["photo_id"])
    op.create_table(
        "candidates",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("case_key", sa.String(32), nullable=False),
        sa.Column("case_photo_id", sa.String(32), sa.ForeignKey("photos.id"), nullable=False),
        sa.Column("sighting_id", sa.String(32), sa.ForeignKey("sightings.id"), nullable=False),
        sa.Column("photo_id", sa.String(32), sa.ForeignKey("photos.id"), nullable=False),
        sa.Column("search_id", sa.String(32), sa.ForeignKey("searches.id"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("band", sa.String(20), nullable=False),
        sa.Column("face", sa.JSON(), nullable=False),
        sa.Column("age_gap", sa.Double()),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("photo_id", "case_key", name="one_candidate_per_pair"),
    )
    op.create_index("ix_candidates_case_id", "candidates", ["case_id"])
    op.create_index("ix_candidates_search_id", "candidates", ["search_id"])
    op.create_index("ix_candidates_sighting_id", "candidates", ["sighting_id"])
    op.create_index("ix_candidates_state", "candidates", ["state"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("candidate_id", sa.String(32), sa.ForeignKey("candidates.id"), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("at", UtcTime(), nullable=False),
        sa.UniqueConstraint("candidate_id", "officer", name="one_decision_per_officer"),
    )
    op.create_index("ix_decisions_candidate_id", "decisions", ["candidate_id"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("alert_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at", UtcTime()),
        sa.Column("identifier", sa.String(200)),
        sa.Column("sent_at", UtcTime()),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.UniqueConstraint("alert_id", "version", name="one_draft_per_version"),
    )
    op.create_index("ix_drafts_alert_id", "drafts", ["alert_id"])
    op.create_index("ix_drafts_case_id", "drafts", ["case_id"])
    op.create_index("ix_drafts_state", "drafts", ["state"])
    op.create_table(
        "draft_writers",
        sa.Column("draft_id", sa.String(32), sa.ForeignKey("drafts.id"), primary_key=True),
        sa.Column("officer", sa.String(64), primary_key=True),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_to", sa.String(80), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(100), nullable=False),
    )
    op.create_index("ix_audit_act", "audit", ["act"])
    op.create_index("ix_audit_subject_id", "audit", ["subject_id"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
