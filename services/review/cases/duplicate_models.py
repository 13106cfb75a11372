"""The tables of likely duplicates: pairs of cases that may be of one child, and the traces that such are found by."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class LikelyPair(db.Model):
    """Two cases that may be of the same child; `first_id` is the lesser id.

    `points` is how much the reports agree (likeness.py; None: not enough), `band` and `score` the matcher's word on
    their faces where an officer had them compared (None: not, or nothing was found). `apart_by` declared them distinct.
    `revision` counts what officers decided.
    """

    __tablename__ = "likely_pairs"
    __table_args__ = (UniqueConstraint("first_id", "second_id", name="one_row_per_pair"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    first_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    points: Mapped[int | None]
    band: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[float | None]
    found_at: Mapped[datetime] = mapped_column(UtcTime)
    apart_by: Mapped[str | None] = mapped_column(String(64))
    apart_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revision: Mapped[int]


class CaseTrace(db.Model):
    """One of `likeness.traces` of a case, under a key that only this room has (comparing.py): it tells nobody a name
    or a day. Erased with the case."""

    __tablename__ = "case_traces"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    trace: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
