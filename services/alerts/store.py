"""Loads published alerts as the formats and pages want them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.alerts.content import opened
from services.alerts.models import Alert, CapMessage, Change, Rendition
from shared.keys import RoomKeys
from shared.messages import AlertContent


@dataclass(frozen=True)
class Published:
    """An alert as the public may see it. `content` is None once it has ended; `latest` is its newest CAP message."""

    alert: Alert
    latest: CapMessage
    content: AlertContent | None
    photos: tuple[Rendition, ...]


def live(session: Session, keys: RoomKeys, status: str) -> list[Published]:
    """Every live alert of a CAP status, newest first."""
    query = select(Alert).where(Alert.state == "live", Alert.status == status)
    rows = session.scalars(query.order_by(Alert.first_sent.desc(), Alert.id.desc())).all()
    return [published(session, keys, row) for row in rows]


def find(session: Session, keys: RoomKeys, alert_id: str) -> Published | None:
    alert = session.get(Alert, alert_id)
    return published(session, keys, alert) if alert else None


def published(session: Session, keys: RoomKeys, alert: Alert) -> Published:
    content = opened(keys.unseal(alert.content_key), alert.content) if alert.content_key and alert.content else None
    photos = renditions(session, alert.id) if content else ()
    return Published(alert, messages(session, alert.id)[-1], content, tuple(photos))


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


def last_change(session: Session, status: str) -> datetime | None:
    """When anything last changed for a CAP status."""
    moment: datetime | None = session.scalar(select(func.max(Change.at)).where(Change.status == status))
    return moment
