"""Loads what was sent after a report, and which address of it is to be confirmed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.ingest.models import Addition, ContactCheck, FamilyMessage, Receipt
from services.ingest.store import receipt

__all__ = ["additions", "answered", "contact", "contact_by_mark", "locked_receipt", "receipt"]


def locked_receipt(session: Session, receipt_id: str) -> Receipt:
    """The receipt; nobody else adds to its report before this transaction ends. Raises LookupError."""
    found = session.get(Receipt, receipt_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise LookupError("no such receipt")
    return found


def additions(session: Session, receipt_id: str) -> Sequence[Addition]:
    """What was sent after the report, the oldest first."""
    return session.scalars(
        select(Addition).where(Addition.receipt_id == receipt_id).order_by(Addition.sent_at, Addition.id)
    ).all()


def answered(session: Session, receipt_id: str, letter_id: str | None, now: datetime) -> str | None:
    """Notes that the family answers this letter; None if there is no such letter of this report."""
    letter = session.get(FamilyMessage, letter_id) if letter_id else None
    if letter is None or letter.receipt_id != receipt_id:
        return None
    letter.answered_at = letter.answered_at or now
    return letter.id


def contact(session: Session, receipt_id: str) -> ContactCheck | None:
    return session.get(ContactCheck, receipt_id)


def contact_by_mark(session: Session, mark: str) -> ContactCheck | None:
    return session.scalar(select(ContactCheck).where(ContactCheck.mark == mark))
