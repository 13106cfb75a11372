"""The courier's side of the tables: takes what is due, notes what became of it, forgets what is old."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from services.alerts.deliver import rules
from services.alerts.deliver.fanout import fresh
from services.alerts.deliver.letters import Writer
from services.alerts.deliver.models import Attempt, Delivery, Subscription
from services.alerts.deliver.wire import Answered, Letter
from services.alerts.tools import Tools
from shared.bus import Work

LEASE = timedelta(seconds=30)
"""How long a delivery is left to the courier who took it; then it is anybody's again."""
LOOKED_AT = 1000
HUB = ""
KEPT = timedelta(days=30)


def take(tools: Tools, most: int, busy: Collection[str] = ()) -> list[tuple[str, Letter]]:
    """At most `most` letters that are due, each with its subscription's id (empty: a ping to the hub), none of them for
    one of the `busy`. They are this courier's until the lease ends.

    A subscription has one at a time, in the order of the changes, so that a Cancel does not overtake what it cancels.
    """
    session = tools.room.bus.db.session()
    to = func.coalesce(Delivery.subscription_id, HUB)
    due = (Delivery.state == "waiting", Delivery.due_at <= tools.room.bus.clock(), to.not_in(busy))
    found = session.scalar(select(Delivery.id).where(*due).limit(1))
    session.rollback()
    if found is None:
        return []
    with tools.room.bus.work() as work:
        query = select(Delivery.id, Delivery.subscription_id).where(*due)
        query = query.order_by(Delivery.due_at, Delivery.change_seq).limit(LOOKED_AT).with_for_update(skip_locked=True)
        chosen: dict[str, str] = {}
        for id_, subscription_id in work.session.execute(query):
            chosen.setdefault(subscription_id or id_, id_)
        ids = list(chosen.values())[:most]
        work.session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(due_at=work.now + LEASE))
    return _letters(tools, ids)


def _letters(tools: Tools, ids: list[str]) -> list[tuple[str, Letter]]:
    session = tools.room.bus.db.session()
    writer = Writer(session, tools, tools.room.bus.clock())
    joined = select(Delivery, Subscription).outerjoin(Subscription, Delivery.subscription_id == Subscription.id)
    rows = session.execute(joined.where(Delivery.id.in_(ids))).all()
    letters = [(delivery.subscription_id or HUB, writer.letter(delivery, subscribed)) for delivery, subscribed in rows]
    session.rollback()
    return letters


def note(tools: Tools, answers: Sequence[tuple[str, Answered]]) -> None:
    """Notes what became of deliveries: done, to be tried again, or given up; and what that means for subscriptions."""
    with tools.room.bus.work() as work:
        joined = select(Delivery, Subscription).outerjoin(Subscription, Delivery.subscription_id == Subscription.id)
        told = dict(answers)
        rows = work.session.execute(joined.where(Delivery.id.in_(told)).with_for_update(of=Delivery)).all()
        for delivery, subscription in rows:
            _note(work, delivery, subscription, told[delivery.id])


def _note(work: Work, delivery: Delivery, subscription: Subscription | None, answer: Answered) -> None:
    reason, delivery.tries = answer.reason, delivery.tries + 1
    worked = rules.worked(answer.status)
    if worked and delivery.kind == "verify" and subscription and subscription.challenge.encode() not in answer.body:
        worked, reason = False, "challenge_not_echoed"
    work.session.add(
        Attempt(
            delivery_id=delivery.id, at=work.now, status=answer.status, reason=reason, milliseconds=answer.milliseconds
        )
    )
    if worked:
        delivery.state = "delivered"
        if subscription:
            _went_well(work, delivery, subscription)
        return
    over = subscription is not None and subscription.state == "disabled"
    due = None if over else rules.next_try(delivery.kind, delivery.tries, work.now, answer.asked_s)
    delivery.state, delivery.due_at = ("waiting", due) if due else ("failed", work.now)
    if subscription and delivery.kind != "notice":
        _went_wrong(work, subscription, answer)


def _went_well(work: Work, delivery: Delivery, subscription: Subscription) -> None:
    subscription.troubled_since = None
    if delivery.kind == "verify" and subscription.state != "active":
        subscription.state, subscription.verified_at, subscription.reason = "active", work.now, ""


def _went_wrong(work: Work, subscription: Subscription, answer: Answered) -> None:
    subscription.troubled_since = subscription.troubled_since or work.now
    reason = rules.reason_to_disable(answer.status, subscription.troubled_since, work.now)
    if reason and subscription.state != "disabled":
        disable(work, subscription, reason)


def disable(work: Work, subscription: Subscription, reason: str) -> None:
    """Ends a subscription until its owner verifies it again; what still waited is given up, and it is told so once."""
    subscription.state, subscription.reason = "disabled", reason
    waiting = select(Delivery).where(Delivery.subscription_id == subscription.id, Delivery.state == "waiting")
    for delivery in work.session.scalars(waiting):
        delivery.state = "failed"
    work.session.add(fresh("notice", work.now, subscription_id=subscription.id))


def forget_old(tools: Tools) -> None:
    """Erases the log of deliveries that ended a month ago."""
    with tools.room.bus.work() as work:
        old = select(Delivery.id).where(Delivery.made_at < work.now - KEPT, Delivery.state != "waiting")
        work.session.execute(delete(Attempt).where(Attempt.delivery_id.in_(old)))
        work.session.execute(delete(Delivery).where(Delivery.made_at < work.now - KEPT, Delivery.state != "waiting"))
