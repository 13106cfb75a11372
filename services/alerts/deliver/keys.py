"""API keys: made by the operator, shown once, kept as a digest."""

import hashlib
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.alerts.deliver.desk import disable
from services.alerts.deliver.models import ApiKey, Subscription
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id
from shared.regions import Regions, within

SCOPES = {"read": "more requests a minute", "subscribe": "webhooks"}
PREFIX = "hwk_"
PER_MINUTE = 3000
REMEMBERED_S = 5.0
"""How long a process believes what it last read of a key: so long may a revoked one still open."""
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Key:
    """What a key lets its holder do. No `regions`: all."""

    id: str
    scopes: tuple[str, ...]
    regions: tuple[str, ...]
    per_minute: int

    def covers(self, regions: Sequence[str]) -> bool:
        """Whether it may subscribe to these (none: to everything)."""
        if not self.regions:
            return True
        return bool(regions) and all(any(within(code, own) for own in self.regions) for code in regions)


def add(
    session: Session, regions: Regions, now: datetime, name: str, scopes: Sequence[str], codes: Sequence[str],
    per_minute: int,
) -> str:  # fmt: skip
    """Adds a key; answers it, for the only time. 256 random bits need no slow hash. Raises NotAllowed."""
    codes = [code.upper() for code in codes]
    if unknown := [code for code in codes if not regions.known(code)]:
        raise NotAllowed("unknown_region", f"There is no region {', '.join(unknown)}; `homeward regions find` helps.")
    secret = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiKey(
            id=random_id(), name=name, digest=_digest(secret), scopes=sorted(set(scopes)), regions=codes,
            per_minute=per_minute, made_at=now,
        )
    )  # fmt: skip
    return secret


def everyone(session: Session) -> Sequence[ApiKey]:
    return session.scalars(select(ApiKey).order_by(ApiKey.made_at, ApiKey.id)).all()


def revoke(work: Work, id_: str) -> None:
    """Ends a key, and its subscriptions. Raises NotAllowed."""
    key = work.session.get(ApiKey, id_)
    if key is None:
        raise NotAllowed("not_found", f"There is no key {id_}; `homeward feeds keys list` shows them.")
    key.revoked_at = key.revoked_at or work.now
    own = select(Subscription).where(Subscription.key_id == id_, Subscription.state != "disabled")
    for subscription in work.session.scalars(own):
        disable(work, subscription, "Its key was revoked.")


class Ring:
    """Finds keys; remembers for a moment what it found, so that a poll with a key costs no query."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, tuple[float, Key | None]] = {}

    def remembered(self, secret: str) -> Key | None:
        """What was found lately, without a query."""
        return self._remembered(_digest(secret))[1]

    def find(self, session: Session, secret: str) -> Key | None:
        digest = _digest(secret)
        known, key = self._remembered(digest)
        if known:
            return key
        key = _find(session, digest)
        with self._lock:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[digest] = time.monotonic() + REMEMBERED_S, key
        return key

    def _remembered(self, digest: str) -> tuple[bool, Key | None]:
        with self._lock:
            until, key = self._found.get(digest, (0.0, None))
        return (True, key) if until > time.monotonic() else (False, None)


def _find(session: Session, digest: str) -> Key | None:
    row = session.scalar(select(ApiKey).where(ApiKey.digest == digest, ApiKey.revoked_at.is_(None)))
    return Key(row.id, tuple(row.scopes), tuple(row.regions), row.per_minute) if row else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
