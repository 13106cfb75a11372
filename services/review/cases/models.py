"""The table of cases. Everything personal is in `details`, under the case's own content key."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Case(db.Model):
    """`case_key` is what the matcher knows the case by: a new one at each registration. `content_key` is sealed to
    review itself; once it is null the case is erased, and nothing encrypted under it can be read again.

    `enrolled_in` is the round (see PackChanged) of the matcher's last answer under this case key ("" where it did not
    say), `asked_in` the one that it was last asked for. `claimed_by` is who works on it, until `claimed_until` (see
    claiming.py). `filed_by` is the officer who wrote the report down, `filed_how` how it came; `held_by` who keeps it
    from being erased, because the law asks; `review_due_at` since when it is to be looked at again (reviewing.py).
    `merged_into` is the id of the case that a merged one is part of, `merged_from` the state it had (merging.py);
    `compared_at` when it was compared with the other cases, None: not yet (comparing.py).
    """

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
    enrolled_in: Mapped[str | None] = mapped_column(String(26))
    asked_in: Mapped[str | None] = mapped_column(String(26))
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcTime)
    filed_by: Mapped[str | None] = mapped_column(String(64))
    filed_how: Mapped[str | None] = mapped_column(String(20))
    held_by: Mapped[str | None] = mapped_column(String(64))
    held_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    review_due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    merged_into: Mapped[str | None] = mapped_column(String(32), index=True)
    merged_from: Mapped[str | None] = mapped_column(String(20))
    merged_at: Mapped[datetime | None] = mapped_column(UtcTime)
    compared_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SavedView(db.Model):
    """An officer's filters of the queue (`queue.Filters`, without words) under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("officer", "name", name="one_view_per_name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    officer: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class WantedPack(db.Model):
    """One row, once the matcher has changed packs: the one that every registered case is to be enrolled under."""

    __tablename__ = "wanted_pack"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(40))
    round_id: Mapped[str] = mapped_column(String(26))
    since: Mapped[datetime] = mapped_column(UtcTime)
