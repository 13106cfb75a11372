"""The families' door's tables. Nothing in them says who is missing, who reported it, or what a photo shows."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import UtcTime, room_database

db = room_database()


class Receipt(db.Model):  # type: ignore[name-defined,misc]
    """That a report, a sighting or a request for removal came in. Who has the tracking code finds it by the code's
    hash. `answer_by` is until when a request for removal is answered."""

    __tablename__ = "receipts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    submitted_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    answer_by: Mapped[datetime | None] = mapped_column(UtcTime)


class FamilyMessage(db.Model):  # type: ignore[name-defined,misc]
    """An officer's words to the family, sealed to the family's key. `asks`: an answer is wanted."""

    __tablename__ = "family_messages"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    receipt_id: Mapped[str] = mapped_column(ForeignKey("receipts.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(UtcTime)
    asks: Mapped[bool] = mapped_column(server_default=false())
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Addition(db.Model):  # type: ignore[name-defined,misc]
    """That something was sent after the report, and not what: that is sealed to the police desk. The id is the form's,
    so that a form sent twice adds once."""

    __tablename__ = "additions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    receipt_id: Mapped[str] = mapped_column(ForeignKey("receipts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    photos: Mapped[int]
    answers: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(UtcTime)


class ContactCheck(db.Model):  # type: ignore[name-defined,misc]
    """That a code was mailed to a report's address, which is not known here. `mark` is the code's hash."""

    __tablename__ = "contact_checks"

    receipt_id: Mapped[str] = mapped_column(ForeignKey("receipts.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class KeptPhoto(db.Model):  # type: ignore[name-defined,misc]
    """A photo of an unsent form. Its bytes are in the photo store, under a key that only the form carries."""

    __tablename__ = "kept_photos"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(64), index=True)
    position: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class Draft(db.Model):  # type: ignore[name-defined,misc]
    """A report that is not sent yet. `id` is its code's hash; `body` is sealed to the code's key pair."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class Upload(db.Model):  # type: ignore[name-defined,misc]
    """A photo that is on its way. `received` bytes of `length` are here, in pieces that only the draft's key opens."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(64), index=True)
    length: Mapped[int]
    received: Mapped[int]
    pieces: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
