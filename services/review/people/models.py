"""Tables of the people at the desk: who they are, how they get in, and what they were granted."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Officer(db.Model):  # type: ignore[name-defined, misc]
    """`password` is an Argon2id hash, empty until an invitation is accepted or where an agency vouches instead.
    `agency` is the OpenID Connect issuer and subject; `roles` and `regions` are names of rules.py and ISO codes."""

    __tablename__ = "officers"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    password: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str | None] = mapped_column(String(400), unique=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON)
    disabled: Mapped[bool] = mapped_column(Boolean)
    added_at: Mapped[datetime] = mapped_column(UtcTime)


class DeskSession(db.Model):  # type: ignore[name-defined, misc]
    """A log-in. Only the SHA-256 of its token is kept. `shown_at` is when its second factor was shown last, None
    until then; `challenge` is what a passkey is asked to sign, and `kept` what is being set up, sealed to the room."""

    __tablename__ = "desk_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime] = mapped_column(UtcTime)
    shown_at: Mapped[datetime | None] = mapped_column(UtcTime)
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))
    challenge: Mapped[str | None] = mapped_column(String(100))
    kept: Mapped[bytes | None] = mapped_column(LargeBinary)


class Factor(db.Model):  # type: ignore[name-defined, misc]
    """A second factor. `kind` is `totp` (`secret` sealed to the room, `counter` the last time step used) or `passkey`
    (`credential` its id, `secret` its public key, `counter` its signature counter)."""

    __tablename__ = "factors"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(64))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    credential: Mapped[str | None] = mapped_column(String(1400), unique=True)
    counter: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RecoveryCode(db.Model):  # type: ignore[name-defined, misc]
    """A way in without the device, once. Only the SHA-256 of its 75 random bits is kept; a used one is deleted."""

    __tablename__ = "recovery_codes"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class Invitation(db.Model):  # type: ignore[name-defined, misc]
    """A way into an account for who has no password yet, or lost everything. Its code's SHA-256; deleted when used."""

    __tablename__ = "invitations"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), unique=True)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)


class Grant(db.Model):  # type: ignore[name-defined, misc]
    """Rights that one granter asked for and another has to confirm. An officer has at most one that waits."""

    __tablename__ = "grants"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), unique=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str]] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)


class ApiToken(db.Model):  # type: ignore[name-defined, misc]
    """A program's key to an officer's reading and filing. Only the SHA-256 of the token is kept."""

    __tablename__ = "api_tokens"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Hour(db.Model):  # type: ignore[name-defined, misc]
    """One case opened to one officer from elsewhere, for an hour. Its reason is in the audit log."""

    __tablename__ = "hours"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32), ForeignKey("cases.id"), index=True)
    officer_id: Mapped[str] = mapped_column(String(26), ForeignKey("officers.id"), index=True)
    granted_by: Mapped[str] = mapped_column(String(64))
    begins_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime] = mapped_column(UtcTime)


class AgencyTrip(db.Model):  # type: ignore[name-defined, misc]
    """A log-in that is under way at the agency (OpenID Connect), found again by the SHA-256 of its browser's cookie."""

    __tablename__ = "agency_trips"
    cookie_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(100))
    next: Mapped[str] = mapped_column(String(500))
    invitation: Mapped[str | None] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(UtcTime)
