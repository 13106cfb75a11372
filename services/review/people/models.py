"""Tables of the people at the desk and their sessions."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Officer(db.Model):  # type: ignore[name-defined, misc]
    """`password` is an Argon2id hash; `roles` and `regions` are lists of the names in people/rules.py and ISO codes."""

    __tablename__ = "officers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    password: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON)
    disabled: Mapped[bool] = mapped_column(Boolean)
    added_at: Mapped[datetime] = mapped_column(UtcTime)


class DeskSession(db.Model):  # type: ignore[name-defined, misc]
    """A log-in. Only the SHA-256 of its token is kept."""

    __tablename__ = "desk_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
