"""Tables of what the desk and a family wrote to each other, and of the mails that say there is news."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.review.base import db
from shared.db import UtcTime


class Letter(db.Model):
    """`way` is in (from the family) or out; `kind` one of `letters.Kind`. `text` is under the case's content key.

    In: `fact` is what is corrected, `photos` how many came, `answers` the letter that asked; `read_at` and `read_by`
    say that an officer has seen to it, `taken_at` that a correction was taken over. Out: `asks` for an answer,
    `message_id` is the FamilyMessageSent's.
    """

    __tablename__ = "letters"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    way: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(12))
    fact: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    photos: Mapped[int]
    asks: Mapped[bool]
    answers: Mapped[str | None] = mapped_column(String(32))
    message_id: Mapped[str | None] = mapped_column(String(64), index=True)
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcTime)
    read_by: Mapped[str | None] = mapped_column(String(64))
    taken_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Contact(db.Model):
    """That the reporter's e-mail address was asked to confirm itself, and whether it did. `mark` is the code's hash."""

    __tablename__ = "contacts"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class FamilyMail(db.Model):
    """A mail to a family: due, sent, failed, or dropped since nobody can be written to any more. `kind` is confirm
    (with its `code` under the case's content key) or news. The address stands in the case alone."""

    __tablename__ = "family_mails"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), index=True)
    tries: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    next_at: Mapped[datetime] = mapped_column(UtcTime)
    fault: Mapped[str | None] = mapped_column(String(100))
