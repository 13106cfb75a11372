"""Feeds that were made and are still true: until anything changes, an alert's time is over, or `checked` moves on."""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from services.alerts.models import Alert, Change

Version = tuple[int | None, ...]
_NEWEST = select(Change.seq).order_by(Change.seq.desc()).limit(100).subquery()
_VERSION = select(func.count(), func.max(_NEWEST.c.seq), func.min(_NEWEST.c.seq))
_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Made:
    """A feed's bytes and headers, true until `until` (not included). `tag` is its strong ETag without a coding."""

    body: bytes
    tag: str
    media_type: str
    modified: datetime
    links: tuple[str, ...]
    until: datetime


def version(session: Session) -> Version:
    """What differs whenever a change was committed, also one that got its number earlier than others before it."""
    return tuple(session.execute(_VERSION).one())


def next_end(session: Session, now: datetime) -> datetime | None:
    """When the next of the live alerts ends by time."""
    return session.scalar(select(func.min(Alert.expires)).where(Alert.state == "live", Alert.expires > now))


class Shelf:
    """Safe to share between threads. On SQLite a look whether anything was committed costs microseconds, elsewhere a
    query."""

    def __init__(self, url: str, most: int = _MOST_BYTES) -> None:
        self._lock, self._file_lock = threading.Lock(), threading.Lock()
        self._made: OrderedDict[Hashable, tuple[Version, Made]] = OrderedDict()
        self._most, self._size = most, 0
        self._file = _opened(url)
        self._seen: tuple[int, Version] | None = None

    def get(self, session: Session, key: Hashable, now: datetime, make: Callable[[], Made]) -> Made:
        """The feed of `key`, from the shelf if it is still true, else by `make`, in a transaction that begins now."""
        current = self._current(session)
        with self._lock:
            found = self._made.get(key)
            if found and found[0] == current and now < found[1].until:
                self._made.move_to_end(key)
                return found[1]
        session.rollback()  # what was read before may be older
        current, made = version(session), make()
        self._put(key, current, made)
        return made

    def _put(self, key: Hashable, current: Version, made: Made) -> None:
        with self._lock:
            before = self._made.pop(key, None)
            self._size += len(made.body) - (len(before[1].body) if before else 0)
            self._made[key] = current, made
            while self._size > self._most:
                _, (_, gone) = self._made.popitem(last=False)
                self._size -= len(gone.body)

    def _current(self, session: Session) -> Version:
        commits = self._commits()
        seen = self._seen
        if seen and seen[0] == commits:
            return seen[1]
        session.rollback()
        current = version(session)
        if commits is not None:
            self._seen = commits, current
        return current

    def _commits(self) -> int | None:
        """SQLite's count of others' commits, which only ever differs from before when there was one."""
        if self._file is None:
            return None
        with self._file_lock:
            return int(self._file.execute("PRAGMA data_version").fetchone()[0])


class Reached:
    """Which live alerts may concern a region, by what their last changes touched: at least those that do."""

    def __init__(self) -> None:
        self._kept: tuple[Version, dict[str, set[str]]] | None = None

    def ids(self, session: Session, codes: Sequence[str]) -> set[str]:
        """Ids of the alerts that may concern any of the regions."""
        kept, current = self._kept, version(session)
        if kept is None or kept[0] != current:
            kept = self._kept = current, _reached(session)
        return set().union(*(kept[1].get(code, ()) for code in (*codes, "")))


def _reached(session: Session) -> dict[str, set[str]]:
    """Ids by region. Those of whom no change says it, since it is older than that column, are under the empty code."""
    query = select(Change.alert_id, Change.regions).join(Alert, Alert.id == Change.alert_id)
    rows = session.execute(query.where(Alert.state == "live").order_by(Change.seq)).all()
    last = {row.alert_id: row.regions for row in rows}
    found: dict[str, set[str]] = {}
    for id_, codes in last.items():
        for code in codes or ("",):
            found.setdefault(code, set()).add(id_)
    return found


def _opened(url: str) -> sqlite3.Connection | None:
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        return None
    return sqlite3.connect(place.database, check_same_thread=False)
