"""Log-ins: a random token in the officer's cookie, of which only the SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.people.models import DeskSession
from shared.keys import random_id

LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=60)
TO_SHOW = timedelta(minutes=20)
"""How long somebody who gave the password has to show the second factor, or to set it up."""
_GRAIN = timedelta(minutes=5)
"""A session in use is written again at most this often."""


@dataclass(frozen=True)
class Origin:
    """From where somebody logs in: the address, and what the browser calls itself."""

    address: str
    browser: str = ""


def begin(session: Session, officer_id: str, now: datetime, origin: Origin, *, shown: bool, half: bool = False) -> str:
    """A new log-in's token. What has run out of anybody's is cleared away. A `half` one waits for a second factor,
    and `shown` says that one was shown just now."""
    session.execute(delete(DeskSession).where(DeskSession.ends_at <= now))
    token = secrets.token_urlsafe(32)
    row = DeskSession(
        token_hash=_hash(token), id=random_id(), officer_id=officer_id, begun_at=now, used_at=now,
        ends_at=now + (TO_SHOW if half else IDLE), shown_at=now if shown else None,
        address=origin.address[:64], browser=origin.browser[:200],
    )  # fmt: skip
    session.add(row)
    return token


def find(session: Session, token: str, now: datetime) -> DeskSession | None:
    """The log-in of `token`, None if there is none or its time is over."""
    row = session.get(DeskSession, _hash(token))
    return row if row is not None and row.ends_at > now else None


def of_officer(session: Session, officer_id: str, now: datetime) -> Sequence[DeskSession]:
    """Everywhere an officer is logged in now, last used first."""
    query = select(DeskSession).where(DeskSession.officer_id == officer_id, DeskSession.ends_at > now)
    return session.scalars(query.order_by(DeskSession.used_at.desc())).all()


def is_due(row: DeskSession, now: datetime) -> bool:
    """Whether a log-in that is being used should be kept longer."""
    return _end(row, now) - row.ends_at > _GRAIN


def renew(session: Session, token: str, now: datetime) -> None:
    """Keeps a log-in for another idle hour, within its twelve."""
    row = find(session, token, now)
    if row:
        row.ends_at, row.used_at = _end(row, now), now


def shown(session: Session, token: str, now: datetime) -> str:
    """The second factor was shown: the log-in is whole and fresh, under a new token that nobody saw before."""
    row = find(session, token, now)
    if row is None:
        return token
    fresh = secrets.token_urlsafe(32)
    row.token_hash, row.shown_at, row.used_at = _hash(fresh), now, now
    row.ends_at, row.challenge, row.kept = _end(row, now), None, None
    return fresh


def end(session: Session, token: str) -> None:
    session.execute(delete(DeskSession).where(DeskSession.token_hash == _hash(token)))


def end_one(session: Session, officer_id: str, session_id: str) -> bool:
    """Ends one log-in of an officer, wherever it is; whether there was one."""
    wanted = (DeskSession.officer_id == officer_id, DeskSession.id == session_id)
    found = session.scalar(select(DeskSession.id).where(*wanted))
    session.execute(delete(DeskSession).where(*wanted))
    return found is not None


def end_all(session: Session, officer_id: str, but: str | None = None) -> None:
    """Ends every log-in of an officer, `but` the one with this id."""
    wanted = delete(DeskSession).where(DeskSession.officer_id == officer_id)
    session.execute(wanted.where(DeskSession.id != but) if but else wanted)


def _end(row: DeskSession, now: datetime) -> datetime:
    return min(row.begun_at + LONGEST, now + IDLE)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
