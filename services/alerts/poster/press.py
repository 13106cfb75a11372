"""Prints the posters of live alerts in the worker, one at a time, and keeps each sealed under its alert's key.

Nobody who asks for a poster makes this room draw one: a flood of readers costs no more than that of a photo.
"""

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.alerts import photos, store
from services.alerts.models import Alert, Poster
from services.alerts.poster import layout
from services.alerts.poster.sheet import Sheet, sheet
from services.alerts.store import Published
from services.alerts.tools import Tools
from shared.addresses import Addresses
from shared.bus import Work
from shared.errors import BlobMissing
from shared.keys import decrypt, encrypt
from shared.language import LANGUAGES

KINDS: dict[str, Callable[[Sheet], bytes]] = {
    "a4": layout.poster,
    "a3": functools.partial(layout.poster, scale=layout.A3),
    "square": layout.square,
}
MOST_PHOTOS = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Printed:
    """A poster as it was drawn."""

    kind: str
    language: str
    data: bytes


class Press:
    """Draws what is missing. What failed once is not tried again before its next message or the next start."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._failed: set[tuple[str, int]] = set()

    def run(self) -> None:
        """Every poster of every live alert that has none yet. Needs an app's context with Babel."""
        with self._tools.room.bus.work() as work:
            waiting = _waiting(work.session, work.now)
        for alert_id, number in waiting:
            if (alert_id, number) in self._failed:
                continue
            try:
                self._print(alert_id, number)
            except Exception as error:
                self._failed.add((alert_id, number))
                log.warning("no posters for message %s of %s: %s", number, alert_id, type(error).__name__)

    def _print(self, alert_id: str, number: int) -> None:
        """Drawn outside any transaction; kept only if the alert still stands as it was drawn."""
        session, now = self._tools.room.bus.db.session, self._tools.room.clock()
        item, row = store.find(session, self._tools.room.keys, alert_id, now), session.get(Alert, alert_id)
        best = photos.largest(store.renditions(session, alert_id))[:MOST_PHOTOS]
        key = row.content_key and self._tools.room.keys.unseal(row.content_key) if row else None
        session.expunge_all()
        session.rollback()
        if item is None or item.content is None or not key:
            return
        try:
            drawn = _drawn(self._tools, item, [photos.opened(self._tools, key, each) for each in best])
        except BlobMissing:
            return  # it was amended or ended meanwhile
        with self._tools.room.bus.work() as work:
            alert = store.locked(work.session, alert_id)
            if alert and alert.state == "live" and alert.messages == number and alert.expires > work.now:
                _keep(work, self._tools, alert, key, drawn)


def _waiting(session: Session, now: datetime) -> list[tuple[str, int]]:
    """Live alerts with fewer posters than there are kinds and languages: id and number of the newest message, the
    newest alert first."""
    have = select(func.count()).where(Poster.alert_id == Alert.id).correlate(Alert).scalar_subquery()
    rows = session.execute(
        select(Alert.id, Alert.messages)
        .where(Alert.state == "live", Alert.expires > now, have < len(KINDS) * len(LANGUAGES))
        .order_by(Alert.changed_at.desc())
    )
    return [(row.id, row.messages) for row in rows]


def _drawn(tools: Tools, item: Published, pictures: Sequence[bytes]) -> list[Printed]:
    where = Addresses(tools.room.settings.public_url("alerts"), tools.room.settings.sender)
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            if item.content is None:
                raise ValueError("an ended alert has no poster")
            said = sheet(item.content, tools.regions, language, where, item.alert.id, tuple(pictures), item.latest.sent)
        found += [Printed(kind, language, draw(said)) for kind, draw in KINDS.items()]
    return found


def _keep(work: Work, tools: Tools, alert: Alert, key: bytes, drawn: Sequence[Printed]) -> None:
    for each in drawn:
        name = f"alerts/{alert.id}/poster-{alert.messages}-{each.kind}-{each.language}"
        tools.room.blobs.put(name, encrypt(key, each.data, name))
        work.session.merge(
            Poster(
                alert_id=alert.id, kind=each.kind, language=each.language, number=alert.messages,
                size=len(each.data), blob=name,
            )
        )  # fmt: skip


def is_printed(session: Session, alert_id: str) -> bool:
    """Whether every poster of what the alert says now is there."""
    now_it_is = (Poster.alert_id == Alert.id) & (Poster.number == Alert.messages)
    query = select(func.count()).select_from(Poster).join(Alert, now_it_is).where(Alert.id == alert_id)
    return session.scalar(query) == len(KINDS) * len(LANGUAGES)


def find(session: Session, alert_id: str, kind: str, language: str) -> Poster | None:
    return session.get(Poster, (alert_id, kind, language))


def opened(tools: Tools, key: bytes, poster: Poster) -> bytes:
    """The PDF or JPEG. Raises BlobMissing, SealBroken."""
    return decrypt(key, tools.room.blobs.get(poster.blob), poster.blob)


def forget(work: Work, tools: Tools, alert_id: str) -> None:
    """Erases an alert's posters: the rows now, the blobs once that is committed."""
    for poster in work.session.scalars(select(Poster).where(Poster.alert_id == alert_id)).all():
        work.after_commit(functools.partial(tools.room.blobs.delete, poster.blob))
        work.session.delete(poster)
