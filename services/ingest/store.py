"""Loads and saves receipts and the officers' words to families."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.ingest.models import FamilyMessage, Receipt


def receipt_by_hash(session: Session, code_hash: str) -> Receipt | None:
    return session.scalar(select(Receipt).where(Receipt.code_hash == code_hash))


def receipt(session: Session, receipt_id: str) -> Receipt | None:
    return session.get(Receipt, receipt_id)


def messages(session: Session, receipt_id: str) -> Sequence[FamilyMessage]:
    """The officers' words for a receipt, newest first, still sealed."""
    which = FamilyMessage.receipt_id == receipt_id
    return session.scalars(select(FamilyMessage).where(which).order_by(FamilyMessage.sent_at.desc())).all()


def add_message(
    session: Session, id_: str, receipt_id: str, sealed: bytes, sent_at: datetime, *, asks: bool = False
) -> None:
    session.add(FamilyMessage(id=id_, receipt_id=receipt_id, sealed=sealed, sent_at=sent_at, asks=asks))
