"""What the holder of a key does with its subscriptions: make, verify, try, look into, end."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from marshmallow import ValidationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.alerts.deliver.fanout import fresh
from services.alerts.deliver.guard import Forbidden, check_url
from services.alerts.deliver.keys import Key
from services.alerts.deliver.models import Attempt, Delivery, Subscription
from services.alerts.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id
from shared.messages import CapStatus

MOST_EACH = 50
MOST_AN_HOUR = 30
"""Challenges, and tests: nobody is to be flooded through us."""
A_PAGE = 100
OLD_SECRET_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Wanted:
    """What is to be subscribed. No `regions`: everything that the key covers."""

    url: str
    regions: tuple[str, ...] = ()
    status: CapStatus = "Actual"


def make(work: Work, tools: Tools, key: Key, wanted: Wanted) -> tuple[Subscription, str]:
    """A subscription that begins once its endpoint has echoed the challenge, and its secret, shown this once.
    Raises ValidationError, NotAllowed."""
    try:
        check_url(wanted.url, loopback=tools.room.settings.webhooks_to_loopback)
    except Forbidden as error:
        raise ValidationError({"url": [str(error)]}) from error
    if not key.covers(wanted.regions):
        raise NotAllowed("not_permitted", f"Your key is for {', '.join(key.regions)}: name regions within these.")
    mine = select(func.count()).select_from(Subscription).where(Subscription.key_id == key.id)
    if (work.session.scalar(mine) or 0) >= MOST_EACH:
        raise NotAllowed("too_many", f"A key has at most {MOST_EACH} subscriptions; delete one.")
    secret = _secret()
    subscription = Subscription(
        id=random_id(), key_id=key.id, url=wanted.url, regions=list(wanted.regions), status=wanted.status,
        state="unverified", secret=_sealed(tools, secret), challenge=random_id(), made_at=work.now, reason="",
    )  # fmt: skip
    work.session.add(subscription)
    work.session.flush()
    work.session.add(fresh("verify", work.now, subscription_id=subscription.id))
    return subscription, secret


def mine(session: Session, key: Key) -> Sequence[Subscription]:
    query = select(Subscription).where(Subscription.key_id == key.id)
    return session.scalars(query.order_by(Subscription.made_at, Subscription.id)).all()


def get(session: Session, key: Key, id_: str) -> Subscription:
    """Raises NotAllowed: another's is not there either."""
    found = session.get(Subscription, id_) if id_.isprintable() else None
    if found is None or found.key_id != key.id:
        raise NotAllowed("not_found")
    return found


def verify_again(work: Work, subscription: Subscription) -> Delivery:
    """Sends a fresh challenge; what was disabled goes on once it is echoed."""
    if subscription.state == "disabled":
        subscription.state, subscription.troubled_since = "unverified", None
    delivery = _send(work, subscription, "verify")
    subscription.challenge = random_id()
    return delivery


def test(work: Work, subscription: Subscription) -> Delivery:
    """Sends a test, which says nothing of any alert."""
    if subscription.state != "active":
        raise NotAllowed("not_active", "Only an active subscription can be tried; verify it first.")
    return _send(work, subscription, "test")


def new_secret(work: Work, tools: Tools, subscription: Subscription) -> str:
    """A new secret, shown this once; for a day the old one signs too."""
    secret = _secret()
    subscription.old_secret, subscription.old_until = subscription.secret, work.now + OLD_SECRET_FOR
    subscription.secret = _sealed(tools, secret)
    return secret


def redeliver(work: Work, subscription: Subscription, delivery_id: str) -> Delivery:
    """Sends a delivery again, under its id, with its tries forgotten. Raises NotAllowed."""
    delivery = work.session.get(Delivery, delivery_id) if delivery_id.isprintable() else None
    if delivery is None or delivery.subscription_id != subscription.id:
        raise NotAllowed("not_found")
    if subscription.state == "disabled" or delivery.kind == "notice":
        raise NotAllowed("not_active", "This subscription is disabled; verify it first.")
    delivery.state, delivery.tries, delivery.due_at = "waiting", 0, work.now
    return delivery


def end(work: Work, subscription: Subscription) -> None:
    """Erases a subscription and all that was delivered to it."""
    own = Delivery.subscription_id == subscription.id
    work.session.execute(delete(Attempt).where(Attempt.delivery_id.in_(select(Delivery.id).where(own))))
    work.session.execute(delete(Delivery).where(own))
    work.session.delete(subscription)


def deliveries(session: Session, subscription: Subscription) -> list[tuple[Delivery, list[Attempt]]]:
    """The newest, each with its tries in order."""
    query = select(Delivery).where(Delivery.subscription_id == subscription.id)
    rows = session.scalars(query.order_by(Delivery.made_at.desc(), Delivery.id).limit(A_PAGE)).all()
    tries = select(Attempt).where(Attempt.delivery_id.in_([row.id for row in rows])).order_by(Attempt.id)
    found = session.scalars(tries).all()
    return [(row, [each for each in found if each.delivery_id == row.id]) for row in rows]


def _send(work: Work, subscription: Subscription, kind: str) -> Delivery:
    since = work.now - timedelta(hours=1)
    asked = (Delivery.subscription_id == subscription.id, Delivery.kind == kind, Delivery.made_at > since)
    if (work.session.scalar(select(func.count()).where(*asked)) or 0) >= MOST_AN_HOUR:
        raise NotAllowed("too_many", f"At most {MOST_AN_HOUR} of these an hour, please.")
    delivery = fresh(kind, work.now, subscription_id=subscription.id)
    work.session.add(delivery)
    return delivery


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _sealed(tools: Tools, secret: str) -> bytes:
    return tools.room.keys.seal_for(tools.room.keys.room, secret.encode())
