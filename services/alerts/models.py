"""The tables of published alerts, their frozen messages, their photos, and the record of every change."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.alerts.base import LONG, db
from services.alerts.deliver.models import ApiKey, Attempt, Delivery, Subscription
from shared.db import UtcTime

__all__ = [
    "Alert", "ApiKey", "Attempt", "CapMessage", "Change", "ChangeHead", "Delivery", "Poster", "Rendition",
    "Subscription", "db",
]  # fmt: skip


class Alert(db.Model):  # type: ignore[name-defined, misc]
    """`status` is CAP's, `state` is live, cancelled or expired. `content` is what it says now, encrypted under
    `content_key` (sealed to this room); both go when it ends. `version` is the approved version, `messages` how many
    CAP messages there were: more than versions where the area widened by itself, which it next does at `widens_at`."""

    __tablename__ = "alerts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(10), index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    version: Mapped[int]
    messages: Mapped[int]
    content_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_sent: Mapped[datetime] = mapped_column(UtcTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[datetime] = mapped_column(UtcTime, index=True)
    widens_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class CapMessage(db.Model):  # type: ignore[name-defined, misc]
    """A published CAP message. Nothing of it ever changes; `document` holds its exact bytes,
    until they are wiped some time after the alert's end: what refers to it stays."""

    __tablename__ = "cap_messages"

    identifier: Mapped[str] = mapped_column(String(200), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    number: Mapped[int]
    msg_type: Mapped[str] = mapped_column(String(10))
    sent: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[datetime] = mapped_column(UtcTime)
    references: Mapped[str] = mapped_column(Text)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)


class Rendition(db.Model):  # type: ignore[name-defined, misc]
    """One size of an alert's photo: its ciphertext lies in the room's store under `blob`. `alt` is by language."""

    __tablename__ = "renditions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    position: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    sha1: Mapped[str] = mapped_column(String(40))
    alt: Mapped[dict[str, str]] = mapped_column(JSON)
    credit: Mapped[str] = mapped_column(String(200))
    blob: Mapped[str] = mapped_column(String(200))


class Poster(db.Model):  # type: ignore[name-defined, misc]
    """A poster of an alert in one language, as its CAP message `number` says it: its ciphertext lies in the room's
    store under `blob`. `kind` is a4, a3 or square."""

    __tablename__ = "posters"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    number: Mapped[int]
    size: Mapped[int]
    blob: Mapped[str] = mapped_column(String(200))


class ChangeHead(db.Model):  # type: ignore[name-defined, misc]
    """One row: the number of the newest change. Who notes a change holds this row until it has committed, so that
    changes become visible in the order of their numbers, and who has read up to one has missed none before it."""

    __tablename__ = "change_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(LONG)


class Change(db.Model):  # type: ignore[name-defined, misc]
    """One step in an alert's life, in the order in which the public saw it.

    `regions` are the codes of all regions whose feeds it touches, also those that the alert concerned before it.
    `told_at` is when its deliveries were written; None until then, so that nobody is forgotten."""

    __tablename__ = "changes"

    seq: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=False)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), index=True)
    identifier: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcTime)
    regions: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    told_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
