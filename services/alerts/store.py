"""Loads published alerts as the formats and pages want them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.alerts import rules
from services.alerts.content import opened
from services.alerts.models import Alert, CapMessage, Change, Rendition
from shared.keys import RoomKeys
from shared.messages import AlertContent


@dataclass(frozen=True)
class Published:
    """An alert as the public may see it now: its state, when that last changed, and its newest CAP message.

    `content` is None and `photos` are empty once it has ended."""

    alert: Alert
    state: rules.State
    changed_at: datetime
    latest: CapMessage
    content: AlertContent | None
    photos: tuple[Rendition, ...]


def live(
    session: Session, keys: RoomKeys, status: str, now: datetime, only: Collection[str] | None = None
) -> list[Published]:
    """Every live alert of a CAP status, newest first; or those of the ids `only`."""
    query = select(Alert).where(Alert.state == "live", Alert.status == status, Alert.expires > now)
    if only is not None:
        query = query.where(Alert.id.in_(only))
    rows = session.scalars(query.order_by(Alert.first_sent.desc(), Alert.id.desc())).all()
    return [published(session, keys, row, now) for row in rows]


def find(session: Session, keys: RoomKeys, alert_id: str, now: datetime) -> Published | None:
    # PostgreSQL refuses a text with NUL in it; no id of ours has anything of the kind.
    alert = session.get(Alert, alert_id) if alert_id.isprintable() else None
    return published(session, keys, alert, now) if alert else None


def published(session: Session, keys: RoomKeys, alert: Alert, now: datetime) -> Published:
    """The alert as it stands at `now`: over at its very `expires`, not when the worker comes by to erase it."""
    state = rules.state_at(alert.state, alert.expires, now)  # type: ignore[arg-type]
    latest = messages(session, alert.id)[-1]
    if state != "live" or not alert.content_key or not alert.content:
        changed_at = max(alert.changed_at, alert.expires) if alert.state == "live" else alert.changed_at
        return Published(alert, state, changed_at, latest, None, ())
    content = opened(keys.unseal(alert.content_key), alert.content)
    return Published(alert, state, alert.changed_at, latest, content, tuple(renditions(session, alert.id)))


def messages(session: Session, alert_id: str) -> Sequence[CapMessage]:
    """Every CAP message of an alert, in order."""
    query = select(CapMessage).where(CapMessage.alert_id == alert_id)
    return session.scalars(query.order_by(CapMessage.number)).all()


def renditions(session: Session, alert_id: str) -> Sequence[Rendition]:
    """An alert's pictures: by photo, the largest first."""
    query = select(Rendition).where(Rendition.alert_id == alert_id)
    return session.scalars(query.order_by(Rendition.position, Rendition.width.desc())).all()


def locked(session: Session, alert_id: str) -> Alert | None:
    """The alert, which nobody else changes before this transaction ends."""
    return session.get(Alert, alert_id, with_for_update=True, populate_existing=True)


def due(session: Session, now: datetime) -> Sequence[str]:
    """Ids of live alerts whose time is over."""
    return session.scalars(select(Alert.id).where(Alert.state == "live", Alert.expires <= now)).all()


def changes(session: Session, status: str, after: int, limit: int) -> Sequence[Change]:
    """What changed after the change number `after`, oldest first."""
    query = select(Change).where(Change.seq > after, Change.status == status)
    return session.scalars(query.order_by(Change.seq).limit(limit)).all()


def last_change(session: Session, status: str, now: datetime) -> datetime | None:
    """When anything last changed for a CAP status; an alert whose time is over has changed then."""
    over = select(func.max(Alert.expires)).where(Alert.status == status, Alert.state == "live", Alert.expires <= now)
    noted = select(func.max(Change.at)).where(Change.status == status)
    return max(filter(None, (session.scalar(over), session.scalar(noted))), default=None)
