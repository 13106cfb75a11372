"""The table of requests for removal. Everything personal is in `details`, under the request's own content key."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Removal(db.Model):
    """`state` is open, answered or erased. `case_id` is the case that it is about, where that is known; `remind_at`
    when the on-call list is called about it. `outcome` is one of `schemas.OUTCOMES`."""

    __tablename__ = "removals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    receipt_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    family_key: Mapped[str | None] = mapped_column(String(64))
    alert_id: Mapped[str | None] = mapped_column(String(64))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    region: Mapped[str | None] = mapped_column(String(12), index=True)
    language: Mapped[str] = mapped_column(String(8))
    content_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    details: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    remind_at: Mapped[datetime] = mapped_column(UtcTime)
    answer_by: Mapped[datetime] = mapped_column(UtcTime)
    outcome: Mapped[str | None] = mapped_column(String(10))
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
