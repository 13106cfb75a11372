"""The tables of drafts (one row is one version of an alert), of who wrote them, and of how their areas widened."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Draft(db.Model):
    """`content`, `reason` and `turned_down` (what it said when it was returned) are encrypted under the case's content
    key. `revision` counts the edits, so that what is approved is what was read. `identifier` and `sent_at` are the
    alerts room's, once it is published: its first message's, where others follow by themselves (Widening)."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("alert_id", "version", name="one_draft_per_version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alert_id: Mapped[str] = mapped_column(String(32), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    revision: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    turned_down: Mapped[bytes | None] = mapped_column(LargeBinary)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UtcTime)
    identifier: Mapped[str | None] = mapped_column(String(200))
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class Writer(db.Model):
    """An officer who wrote or edited this version: barred from approving it."""

    __tablename__ = "draft_writers"

    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    officer: Mapped[str] = mapped_column(String(64), primary_key=True)


class Widening(db.Model):
    """A CAP Update that the alerts room made by itself of a version, at an hour of the rings that were approved."""

    __tablename__ = "draft_widenings"

    identifier: Mapped[str] = mapped_column(String(200), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    radius_km: Mapped[float]
    sent: Mapped[datetime] = mapped_column(UtcTime)
