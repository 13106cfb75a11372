"""The tables of API keys, of subscriptions, and of what is delivered to them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.alerts.base import LONG, db
from shared.db import UtcTime


class ApiKey(db.Model):  # type: ignore[name-defined, misc]
    """Who may ask more, or subscribe. Of the key itself there is only the SHA-256. No `regions` means all of them."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON)
    per_minute: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Subscription(db.Model):  # type: ignore[name-defined, misc]
    """An address that is told of every change in its `regions` (none: everywhere) of one CAP status.

    `secret` signs, sealed to this room; after a change `old_secret` signs too, until `old_until`. `troubled_since` is
    the first failure after the last success. `reason` says why it was disabled."""

    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    regions: Mapped[list[str]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), index=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_until: Mapped[datetime | None] = mapped_column(UtcTime)
    challenge: Mapped[str] = mapped_column(String(26))
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    troubled_since: Mapped[datetime | None] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(String(200))


class Delivery(db.Model):  # type: ignore[name-defined, misc]
    """One thing to tell one address. `kind` is change, verify, test, notice or ping; a ping goes to the hub about
    `topic` and has no subscription. Waiting rows are sent at `due_at`; while one is under way that lies ahead, so that
    it is sent again if its courier dies."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("subscription_id", "change_seq", name="uq_deliveries_subscription_id"),
        Index("ix_deliveries_due", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    subscription_id: Mapped[str | None] = mapped_column(ForeignKey("subscriptions.id"))
    kind: Mapped[str] = mapped_column(String(10))
    change_seq: Mapped[int | None] = mapped_column(LONG)
    topic: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcTime)


class Attempt(db.Model):  # type: ignore[name-defined, misc]
    """One try: the HTTP status that came back, or the reason why none did; and how long it took."""

    __tablename__ = "delivery_attempts"

    id: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(100))
    milliseconds: Mapped[int]
