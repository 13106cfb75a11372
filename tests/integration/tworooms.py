"""For tests: the police desk and the matcher on one state folder, and a carrier in the queue's place between them.

Where it is `deadly`, each worker is killed twice over whatever it does: before its transaction is committed, and after
it, before anybody heard of it. Another worker, with nothing in memory, takes up each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from desk import Desk, Officer
from matcherroom import Matcher
from prepared import migrated
from sqlalchemy import event, select

from services.matcher import worker as matcher_worker
from services.matcher.models import db as matcher_db
from services.matcher.packs import FacePack
from services.review.cases import renewal
from services.review.handlers import bound as of_desk
from services.review.models import db as desk_db
from shared.bus import Bus
from shared.config import Settings


class KilledError(BaseException):
    """The end of a worker: nothing may catch it."""


@contextmanager
def deadly(database: Any) -> Iterator[None]:
    """Whoever commits dies, before anything is committed."""

    def die(_session: Any) -> None:
        raise KilledError

    event.listen(database.session, "before_commit", die)
    try:
        with suppress(KilledError):
            yield
    finally:
        event.remove(database.session, "before_commit", die)
        database.session.info.pop("working", None)
        database.session.rollback()


@dataclass
class TwoRooms:
    settings: Settings
    pack: FacePack
    deadly: bool = False
    carried: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        migrated(self.settings, "matcher")
        self.desk = Desk(self.settings)
        self.officer: Officer = self.desk.officer("Ada", "reviewer", "administrator")
        self.matcher = Matcher(self.settings, self.pack)
        self.restart(self.pack)

    def restart(self, pack: FacePack) -> None:
        """The matcher's worker is set to this pack, and started."""
        self.pack = pack
        self._in_matcher(lambda: matcher_worker.start(self.matcher.tools))

    def renew(self) -> None:
        """One turn of the desk's job, and all that comes of it."""
        self._in_desk(lambda: renewal.renew(self.desk.worker))
        self.carry()

    def change(self) -> None:
        """One turn of the matcher's job."""
        self._in_matcher(lambda: matcher_worker.change(self.matcher.tools))

    def later(self, time: timedelta) -> None:
        self.matcher.now += time

    def carry(self, *, until: str = "") -> None:
        """Takes every message where it goes, in order, until there is none but those of the type `until`. Raises
        RuntimeError for one that is not applied."""
        while found := self._next(until):
            name, text, receiver = found
            take = self._in_desk if receiver == "review" else self._in_matcher
            take(lambda text=text, receiver=receiver: self._received(text, receiver))  # type: ignore[misc]
            self.carried.add(name)

    def waiting(self) -> list[tuple[str, str, str, str]]:
        """(id, type, envelope, receiver) of what was sent and not carried; to the other rooms there is no way here."""
        found = []
        for app, bus in ((self.desk.app, self.desk.worker.room.bus), (self.matcher.app, self.matcher.bus)):
            rows = bus.outbox.rows
            query = select(rows.c.id, rows.c.type, rows.c.envelope, rows.c.receiver).order_by(rows.c.position)
            with app.app_context():
                found += [
                    tuple(row)
                    for row in bus.db.session.execute(query.where(rows.c.receiver.in_(("review", "matcher"))))
                ]
        return [row for row in found if row[0] not in self.carried]

    def _next(self, until: str) -> tuple[str, str, str] | None:
        for name, kind, text, receiver in self.waiting():
            if kind != until:
                return name, text, receiver
        return None

    def _received(self, text: str, receiver: str) -> None:
        bus: Bus = self.desk.worker.room.bus if receiver == "review" else self.matcher.bus
        table: Any = of_desk(self.desk.worker) if receiver == "review" else matcher_worker.bound(self.matcher.tools)
        if (outcome := bus.receive(text, table)) != "applied":
            raise RuntimeError(f"the message was {outcome}")

    def _in_desk(self, act: Callable[[], object]) -> None:
        self._done(act, lambda: self.desk.app, desk_db, lambda: None)

    def _in_matcher(self, act: Callable[[], object]) -> None:
        self._done(act, lambda: self.matcher.app, matcher_db, self._another_matcher)

    def _another_matcher(self) -> None:
        now = self.matcher.now
        self.matcher = Matcher(replace(self.settings, model_pack=self.pack.name), self.pack)
        self.matcher.now = now

    def _done(
        self, act: Callable[[], object], app: Callable[[], Any], database: Any, afresh: Callable[[], None]
    ) -> None:
        if self.deadly:
            afresh()
            with app().app_context(), deadly(database):
                act()
        for _ in range(2 if self.deadly else 1):
            afresh()
            with app().app_context():
                act()
                database.session.rollback()
