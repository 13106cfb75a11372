"""Tables of the on-call list, its pages, and the calls of each page. Nothing in them names a child."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class OnCall(db.Model):
    """Somebody, or some system, that is paged. `address` is an e-mail address or a webhook's URL."""

    __tablename__ = "on_call"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(400))
    region: Mapped[str] = mapped_column(String(12))
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UtcTime)


class Page(db.Model):
    """One cause for which somebody is called, once."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("why", "subject_id", name="one_page_per_cause"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    why: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(32))
    region: Mapped[str | None] = mapped_column(String(12))
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class Call(db.Model):
    """A page on its way to one address: due, sent, or failed (`fault`: why the last try did)."""

    __tablename__ = "page_calls"

    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    on_call_id: Mapped[str] = mapped_column(ForeignKey("on_call.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    tries: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcTime)
    fault: Mapped[str | None] = mapped_column(String(100))
