"""Loads published alerts as the formats and pages want them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from services.alerts import rules
from services.alerts.content import opened
from services.alerts.models import Alert, CapMessage, Change, ChangeHead, Rendition
from shared import counting
from shared.keys import RoomKeys
from shared.messages import AlertContent, CapStatus

AT_A_TIME = 500
LONGEST = timedelta(days=400)
"""An alert is changed at least this often, or it has ended."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an alert is, whatever it says."""

    id: str
    status: CapStatus
    first_sent: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Latest:
    """An alert's newest CAP message, without its bytes."""

    identifier: str
    msg_type: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of a photo: pixels and bytes. `alt` is by language."""

    id: str
    position: int
    width: int
    height: int
    size: int
    alt: dict[str, str]
    credit: str


@dataclass(frozen=True, eq=False)
class Published:
    """An alert as the public may see it now: its state, when that last changed, and its newest CAP message.

    `content` is None and `photos` are empty once it has ended. `made` keeps what was worked out about it, and goes
    when it goes."""

    alert: Head
    state: rules.State
    changed_at: datetime
    latest: Latest
    content: AlertContent | None
    photos: tuple[Picture, ...]
    made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def once(self, what: Any, make: Callable[[], Any]) -> Any:
        """What `make` makes, made the first time that `what` is asked for."""
        if what not in self.made:
            self.made[what] = make()
        return self.made[what]


_ALERTS: Select[Any] = select(
    Alert.id, Alert.status, Alert.first_sent, Alert.expires, Alert.state, Alert.changed_at, Alert.content_key,
    Alert.content, CapMessage.identifier, CapMessage.msg_type, CapMessage.sent,
).join(CapMessage, (CapMessage.alert_id == Alert.id) & (CapMessage.number == Alert.messages))  # fmt: skip
_PICTURES: Select[Any] = select(
    Rendition.alert_id, Rendition.id, Rendition.position, Rendition.width, Rendition.height, Rendition.size,
    Rendition.alt, Rendition.credit,
).order_by(Rendition.position, Rendition.width.desc())  # fmt: skip


def find(session: Session, keys: RoomKeys, alert_id: str, now: datetime) -> Published | None:
    # PostgreSQL refuses a text with NUL in it; no id of ours has anything of the kind.
    return next(found(session, keys, [alert_id], now), None) if alert_id.isprintable() else None


def found(session: Session, keys: RoomKeys, ids: Sequence[str], now: datetime) -> Iterator[Published]:
    """The alerts with these ids, as they stand at `now`: over at their very `expires`, not when the worker comes by.
    Two queries for every AT_A_TIME of them."""
    for begin in range(0, len(ids), AT_A_TIME):
        some = ids[begin : begin + AT_A_TIME]
        pictures: dict[str, list[Picture]] = defaultdict(list)
        for of, *values in session.execute(_PICTURES.where(Rendition.alert_id.in_(some))):
            pictures[of].append(Picture(*values))
        for row in session.execute(_ALERTS.where(Alert.id.in_(some))):
            yield _published(keys, row, tuple(pictures[row.id]), now)


def _published(keys: RoomKeys, row: Any, photos: tuple[Picture, ...], now: datetime) -> Published:
    alert = Head(row.id, row.status, row.first_sent, row.expires)
    latest = Latest(row.identifier, row.msg_type, row.sent)
    state = rules.state_at(row.state, row.expires, now)
    if state != "live" or not row.content_key or not row.content:
        changed_at = max(row.changed_at, row.expires) if row.state == "live" else row.changed_at
        return Published(alert, state, changed_at, latest, None, ())
    return Published(alert, state, row.changed_at, latest, opened(keys.unseal(row.content_key), row.content), photos)


def live_ids(session: Session, now: datetime) -> Sequence[str]:
    return session.scalars(select(Alert.id).where(Alert.state == "live", Alert.expires > now)).all()


def ended(session: Session, status: str, since: datetime, now: datetime) -> dict[str, datetime]:
    """Of the alerts of a CAP status that have ended after `since`, when: by id."""
    query = select(Alert.id, Alert.state, Alert.changed_at, Alert.expires).where(Alert.status == status)
    over = query.where(or_(Alert.state != "live", Alert.expires <= now), Alert.changed_at > since - LONGEST)
    times = {
        id_: max(changed, expires) if state == "live" else changed
        for id_, state, changed, expires in session.execute(over)
    }
    return {id_: at for id_, at in times.items() if at > since}


def messages(session: Session, alert_id: str) -> Sequence[CapMessage]:
    """Every CAP message of an alert, in order."""
    query = select(CapMessage).where(CapMessage.alert_id == alert_id)
    return session.scalars(query.order_by(CapMessage.number)).all()


def renditions(session: Session, alert_id: str) -> Sequence[Rendition]:
    """An alert's pictures: by photo, the largest first."""
    query = select(Rendition).where(Rendition.alert_id == alert_id)
    return session.scalars(query.order_by(Rendition.position, Rendition.width.desc())).all()


def document(session: Session, identifier: str) -> bytes:
    """The frozen bytes of a CAP message. Raises NoResultFound, also for one whose bytes are wiped."""
    found = select(CapMessage.document).where(CapMessage.identifier == identifier, CapMessage.document.is_not(None))
    return session.scalars(found).one() or b""


def locked(session: Session, alert_id: str) -> Alert | None:
    """The alert, which nobody else changes before this transaction ends."""
    return session.get(Alert, alert_id, with_for_update=True, populate_existing=True)


def due(session: Session, now: datetime) -> Sequence[str]:
    """Ids of live alerts whose time is over."""
    return session.scalars(select(Alert.id).where(Alert.state == "live", Alert.expires <= now)).all()


def due_to_widen(session: Session, now: datetime) -> Sequence[str]:
    """Ids of live alerts whose next ring has come."""
    query = select(Alert.id).where(Alert.state == "live", Alert.expires > now, Alert.widens_at <= now)
    return session.scalars(query.order_by(Alert.widens_at)).all()


def note(
    session: Session, alert: Alert, kind: str, at: datetime, regions: Sequence[str], identifier: str | None = None
) -> None:
    """Writes a step of the alert's life down, under the next number; `regions` are those whose feeds it touches."""
    seq = counting.next_number(session, ChangeHead)
    change = Change(seq=seq, alert_id=alert.id, kind=kind, status=alert.status, identifier=identifier, at=at)
    change.regions = list(regions)
    session.add(change)


def head(session: Session) -> int:
    """The number of the newest change; 0 before the first."""
    return counting.head(session, ChangeHead)


def changes(session: Session, status: str, after: int, limit: int) -> Sequence[Change]:
    """What changed after the change number `after`, oldest first."""
    query = select(Change).where(Change.seq > after, Change.status == status)
    return session.scalars(query.order_by(Change.seq).limit(limit)).all()


def last_changes(session: Session, now: datetime) -> dict[str, datetime]:
    """By CAP status, when anything last changed; an alert whose time is over has changed then."""
    over = select(Alert.status, func.max(Alert.expires)).where(Alert.state == "live", Alert.expires <= now)
    noted = select(Change.status, func.max(Change.at))
    last: dict[str, datetime] = {}
    for query in (over.group_by(Alert.status), noted.group_by(Change.status)):
        for status, at in session.execute(query):
            last[status] = max(at, last.get(status, at))
    return last
