"""The table of cases. Everything personal is in `details`, under the case's own content key."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Case(db.Model):
    """`case_key` is what the matcher knows the case by: a new one at each registration. `content_key` is sealed to
    review itself; once it is null the case is erased, and nothing encrypted under it can be read again."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    case_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    receipt_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    family_key: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(12), index=True)
    language: Mapped[str | None] = mapped_column(String(8))
    content_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    details: Mapped[bytes | None] = mapped_column(LargeBinary)
    registered_by: Mapped[str | None] = mapped_column(String(64))
    close_reason: Mapped[str | None] = mapped_column(String(20))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
