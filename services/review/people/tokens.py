"""API tokens: a program reads and files in an officer's name, within scopes, until a day. Shown once, kept hashed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.people import codes
from services.review.people.models import ApiToken
from shared.errors import NotAllowed
from shared.keys import random_id

LONGEST = 365
"""Days."""
MOST = 20
"""Tokens of one officer at once."""
_GRAIN = timedelta(minutes=5)


def make(session: Session, officer_id: str, name: str, scopes: Sequence[str], days: int, now: datetime) -> str:
    """A new token. Raises NotAllowed("too_many_tokens")."""
    if len(of_officer(session, officer_id, now)) >= MOST:
        raise NotAllowed("too_many_tokens", f"at most {MOST}")
    token = codes.new_token()
    row = ApiToken(
        token_hash=codes.hash_of_token(token), id=random_id(), officer_id=officer_id, name=name,
        scopes=sorted(set(scopes)), made_at=now, ends_at=now + timedelta(days=days),
    )  # fmt: skip
    session.execute(delete(ApiToken).where(ApiToken.ends_at <= now))
    session.add(row)
    return token


def find(session: Session, token: str, now: datetime) -> ApiToken | None:
    """The row of a token that is still good."""
    row = session.get(ApiToken, codes.hash_of_token(token))
    return row if row is not None and row.ends_at > now else None


def is_due(row: ApiToken, now: datetime) -> bool:
    """Whether its last use should be noted."""
    return row.used_at is None or now - row.used_at > _GRAIN


def of_officer(session: Session, officer_id: str, now: datetime) -> Sequence[ApiToken]:
    query = select(ApiToken).where(ApiToken.officer_id == officer_id, ApiToken.ends_at > now)
    return session.scalars(query.order_by(ApiToken.made_at)).all()


def end_one(session: Session, officer_id: str, token_id: str) -> str | None:
    """Ends a token of an officer; answers its name, None if there was none."""
    wanted = (ApiToken.officer_id == officer_id, ApiToken.id == token_id)
    name = session.scalar(select(ApiToken.name).where(*wanted))
    session.execute(delete(ApiToken).where(*wanted))
    return name


def end_all(session: Session, officer_id: str) -> None:
    session.execute(delete(ApiToken).where(ApiToken.officer_id == officer_id))
