"""Writes, for every change, a delivery to each who subscribed to it, and the pings to a hub: each exactly once."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.alerts.deliver.models import Delivery, Subscription
from services.alerts.models import Change
from services.alerts.tools import Tools
from shared.bus import Work
from shared.keys import random_id

A_ROUND = 100
FEED = "/v1/alerts.{suffix}"
REGIONAL = "/v1/regions/{code}/alerts.{suffix}"
TOPICS = ("atom", "json", "geojson")


def fan_out(tools: Tools) -> int:
    """Takes the changes that nobody was told of yet; answers how many. Nothing is written while there are none."""
    session = tools.room.bus.db.session()
    waiting = session.scalar(select(Change.seq).where(Change.told_at.is_(None)).limit(1))
    session.rollback()
    if waiting is None:
        return 0
    with tools.room.bus.work() as work:
        query = select(Change).where(Change.told_at.is_(None)).order_by(Change.seq).limit(A_ROUND)
        changes = work.session.scalars(query.with_for_update(skip_locked=True)).all()
        for change in changes:
            work.session.add_all(_deliveries(work, tools, change))
            change.told_at = work.now
        return len(changes)


def _deliveries(work: Work, tools: Tools, change: Change) -> Iterator[Delivery]:
    for id_ in _concerned(work.session, change):
        yield fresh("change", work.now, subscription_id=id_, change_seq=change.seq)
    if tools.room.settings.websub_hub and change.status == "Actual":
        base = tools.room.settings.public_url("alerts")
        for suffix in TOPICS:
            for path in (FEED.format(suffix=suffix), *_regional(change, suffix)):
                yield fresh("ping", work.now, topic=base + path)


def _regional(change: Change, suffix: str) -> list[str]:
    return [REGIONAL.format(code=code, suffix=suffix) for code in change.regions]


def _concerned(session: Session, change: Change) -> list[str]:
    """Ids of the subscriptions that are to be told of a change."""
    query = select(Subscription.id, Subscription.regions)
    active = session.execute(query.where(Subscription.state == "active", Subscription.status == change.status))
    touched = set(change.regions)
    return [id_ for id_, regions in active if not regions or touched.intersection(regions)]


def fresh(
    kind: str, now: datetime, *, subscription_id: str | None = None, change_seq: int | None = None, topic: str = ""
) -> Delivery:
    return Delivery(
        id=random_id(), subscription_id=subscription_id, kind=kind, change_seq=change_seq, topic=topic,
        state="waiting", tries=0, made_at=now, due_at=now,
    )  # fmt: skip
