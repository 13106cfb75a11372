"""Log-ins: a random token in the officer's cookie, of which only the SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.review.people.models import DeskSession

LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=60)
_GRAIN = timedelta(minutes=5)
"""A session in use is written again at most this often."""


def begin(session: Session, officer_id: str, now: datetime) -> str:
    """A new log-in's token. What has run out of anybody's is cleared away."""
    session.execute(delete(DeskSession).where(DeskSession.ends_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(DeskSession(token_hash=_hash(token), officer_id=officer_id, begun_at=now, ends_at=now + IDLE))
    return token


def find(session: Session, token: str, now: datetime) -> DeskSession | None:
    """The log-in of `token`, None if there is none or its time is over."""
    row = session.get(DeskSession, _hash(token))
    return row if row is not None and row.ends_at > now else None


def is_due(row: DeskSession, now: datetime) -> bool:
    """Whether a log-in that is being used should be kept longer."""
    return _end(row, now) - row.ends_at > _GRAIN


def renew(session: Session, token: str, now: datetime) -> None:
    """Keeps a log-in for another idle hour, within its twelve."""
    row = find(session, token, now)
    if row:
        row.ends_at = _end(row, now)


def end(session: Session, token: str) -> None:
    session.execute(delete(DeskSession).where(DeskSession.token_hash == _hash(token)))


def end_all(session: Session, officer_id: str) -> None:
    """Ends every log-in of an officer."""
    session.execute(delete(DeskSession).where(DeskSession.officer_id == officer_id))


def _end(row: DeskSession, now: datetime) -> datetime:
    return min(row.begun_at + LONGEST, now + IDLE)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
