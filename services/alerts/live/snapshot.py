"""The live alerts as this process knows them: before each answer, what has changed since the last one is applied."""

import gc
import heapq
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.alerts import store
from services.alerts.live.borders import Borders
from services.alerts.live.columns import Columns, columns_of, place_of
from services.alerts.live.groups import Groups
from services.alerts.live.watch import Watch
from services.alerts.models import Change
from services.alerts.store import Published
from shared.room import Room


@dataclass(frozen=True, eq=False)
class Moment:
    """What is live at one moment. `version` is another one after every change and every end; `updated` is, by CAP
    status, when anything last changed."""

    version: int
    columns: Mapping[str, Columns]
    items: Mapping[str, Published]
    updated: Mapping[str, datetime]

    def of(self, status: str) -> Columns:
        return self.columns.get(status, EMPTY)


EMPTY = columns_of([], lambda codes: 0)
NOTHING = Moment(0, {}, {}, {})
MANY = 1000
"""From so many on they are taken out of garbage collection, which would look through them in the middle of answers."""


class Live:
    """Safe to share between threads. `seen` is the number of the newest change that is in `moment`; `ends` holds when
    each alert ends, and its id, soonest first."""

    def __init__(self, room: Room, borders: Borders) -> None:
        self.room = room
        self.groups = Groups(borders)
        self.lock = threading.Lock()
        self.watch: Watch | None = None
        self.mark = self.seen = -1
        self.moment = NOTHING
        self.ends: list[tuple[datetime, str]] = []

    def now(self) -> Moment:
        """What is live now: nothing that has ended, to the very second. The first time it needs the app's context."""
        with self.lock:
            if self.watch is None:
                self.watch = Watch(self.room.bus.db.engine)
            mark, now = self.watch.mark(), self.room.clock()
            if mark != self.mark:
                self._apply(self.watch.engine, now)
                self.mark = mark
            if self.ends and self.ends[0][0] <= now:
                self._end(now)
            return self.moment

    def _apply(self, engine: Engine, now: datetime) -> None:
        with Session(engine) as session:
            head = store.head(session)
            if self.seen < 0 or head < self.seen:  # at the start, or an older copy was put in the database's place
                self._load(session, now)
            elif head > self.seen:
                ids = session.scalars(select(Change.alert_id).where(Change.seq > self.seen).distinct()).all()
                self._replace(ids, list(store.found(session, self.room.keys, ids, now)), session, now)
            self.seen = head

    def _load(self, session: Session, now: datetime) -> None:
        found = store.found(session, self.room.keys, store.live_ids(session, now), now)
        items = {item.alert.id: item for item in found if item.content}
        statuses = {item.alert.status for item in items.values()}
        columns = {
            status: columns_of([item for item in items.values() if item.alert.status == status], self.groups.of)
            for status in statuses
        }
        self.ends = [(item.alert.expires, item.alert.id) for item in items.values()]
        heapq.heapify(self.ends)
        self._become(columns, items, store.last_changes(session, now))
        if len(items) >= MANY:
            gc.collect()
            gc.freeze()

    def _replace(self, ids: Sequence[str], found: list[Published], session: Session, now: datetime) -> None:
        columns, items = dict(self.moment.columns), dict(self.moment.items)
        for id_ in ids:
            _remove(columns, items, id_)
        for item in found:
            if item.content:
                status = item.alert.status
                columns[status] = columns.get(status, EMPTY).with_one(item, self.groups.of)
                items[item.alert.id] = item
                heapq.heappush(self.ends, (item.alert.expires, item.alert.id))
        self._become(columns, items, store.last_changes(session, now))

    def _end(self, now: datetime) -> None:
        columns, items, updated = dict(self.moment.columns), dict(self.moment.items), dict(self.moment.updated)
        while self.ends and self.ends[0][0] <= now:
            at, id_ = heapq.heappop(self.ends)
            item = items.get(id_)
            if item and item.alert.expires <= now:
                _remove(columns, items, id_)
                updated[item.alert.status] = max(at, updated.get(item.alert.status, at))
        self._become(columns, items, updated)

    def _become(
        self, columns: dict[str, Columns], items: dict[str, Published], updated: Mapping[str, datetime]
    ) -> None:
        self.moment = Moment(self.moment.version + 1, columns, items, updated)


def _remove(columns: dict[str, Columns], items: dict[str, Published], id_: str) -> None:
    item = items.pop(id_, None)
    if item:
        columns[item.alert.status] = columns[item.alert.status].without(place_of(item))
