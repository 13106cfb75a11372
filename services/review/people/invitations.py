"""Invitations: a code that lets one person into one account, once, for three days. Only its hash is kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.people import codes
from services.review.people.models import Invitation

LASTS = timedelta(days=3)
_GROUPS = 4


def make(session: Session, officer_id: str, made_by: str, now: datetime) -> str:
    """A new code of 100 random bits; an older invitation to the same account is good no longer."""
    withdraw(session, officer_id)
    code = codes.new_code(_GROUPS)
    session.add(
        Invitation(
            code_hash=codes.hash_of(code), officer_id=officer_id, made_by=made_by, made_at=now, ends_at=now + LASTS
        )
    )
    session.flush()
    return code


def find(session: Session, code_hash: str, now: datetime) -> Invitation | None:
    """The invitation of a code (`codes.hash_of`); None if there is none, it was used, or its time is over."""
    row = session.get(Invitation, code_hash)
    return row if row is not None and row.ends_at > now else None


def open_ones(session: Session, now: datetime) -> dict[str, Invitation]:
    """Invitations that can still be used, by officer."""
    return {row.officer_id: row for row in session.scalars(select(Invitation).where(Invitation.ends_at > now))}


def withdraw(session: Session, officer_id: str) -> None:
    session.execute(delete(Invitation).where(Invitation.officer_id == officer_id))
