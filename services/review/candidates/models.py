"""The tables of sightings, searches, candidates and the officers' decisions."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Sighting(db.Model):
    """A report by the public. Everything personal is in `details`, under its own `content_key` (sealed to review;
    null: erased). `expires_at` is when it is erased, None while an officer may still need it. `probed_by`: it is no
    sighting by the public but the probe of a child in care, by this officer."""

    __tablename__ = "sightings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    receipt_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    alert: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(12), index=True)
    in_danger: Mapped[bool]
    language: Mapped[str] = mapped_column(String(8))
    content_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    details: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    probed_by: Mapped[str | None] = mapped_column(String(64), index=True)


class Search(db.Model):
    """One search that the gate granted. `state` is asked, completed, refused or closed (the probe's end was sent)."""

    __tablename__ = "searches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    photo_id: Mapped[str] = mapped_column(ForeignKey("photos.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(40))
    faces_found: Mapped[int | None]
    faces_searched: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Candidate(db.Model):
    """A registered case that a sighted child resembles. `face` is the point on the child in the sighting's photo."""

    __tablename__ = "candidates"
    __table_args__ = (UniqueConstraint("photo_id", "case_key", name="one_candidate_per_pair"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    case_key: Mapped[str] = mapped_column(String(32))
    case_photo_id: Mapped[str] = mapped_column(ForeignKey("photos.id"))
    sighting_id: Mapped[str] = mapped_column(ForeignKey("sightings.id"), index=True)
    photo_id: Mapped[str] = mapped_column(ForeignKey("photos.id"))
    search_id: Mapped[str] = mapped_column(ForeignKey("searches.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    rank: Mapped[int]
    score: Mapped[float]
    band: Mapped[str] = mapped_column(String(20))
    face: Mapped[list[float]] = mapped_column(JSON)
    age_gap: Mapped[float | None]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class Judgement(db.Model):
    """What an officer saw in the faces alone, before the matcher's word was shown. `features` is the checklist,
    encrypted under the case's content key; null: erased."""

    __tablename__ = "judgements"
    __table_args__ = (UniqueConstraint("candidate_id", "officer", name="one_judgement_per_officer"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidates.id"), index=True)
    officer: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(20))
    features: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcTime)


class DecisionRow(db.Model):
    """One officer's decision on a candidate; note and features are encrypted under the case's content key. `reason`
    is one of `rules.REASONS` where the candidate was rejected."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("candidate_id", "officer", name="one_decision_per_officer"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidates.id"), index=True)
    officer: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    features: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcTime)


class FollowUp(db.Model):
    """What an officer chose that a confirmed match sets off. `liaison` is the officer asked to speak with the family,
    done at `told_at` by that officer or another; `draft_id` the alert drafted for the sighting's place. Neither:
    nothing."""

    __tablename__ = "follow_ups"

    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidates.id"), primary_key=True)
    chosen_by: Mapped[str] = mapped_column(String(64))
    chosen_at: Mapped[datetime] = mapped_column(UtcTime)
    liaison: Mapped[str | None] = mapped_column(String(64), index=True)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    told_by: Mapped[str | None] = mapped_column(String(64))
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("drafts.id"))
