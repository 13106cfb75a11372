"""What is posted: a change as /v1/changes tells it, signed as Standard Webhooks says; a ping for a WebSub hub."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from standardwebhooks.webhooks import Webhook

from services.alerts import geojson, told
from services.alerts.deliver.models import Delivery, Subscription
from services.alerts.deliver.wire import Letter
from services.alerts.models import Change
from services.alerts.tools import Tools
from shared.addresses import Addresses

TYPES = {"verify": "subscription.verify", "test": "subscription.test", "notice": "subscription.disabled"}
FORM = "application/x-www-form-urlencoded"


class Writer:
    """Writes the letters of one round: what is the same for many is made once."""

    def __init__(self, session: Session, tools: Tools, now: datetime) -> None:
        self.session, self.tools, self.now = session, tools, now
        self.bodies: dict[int, bytes] = {}

    def letter(self, delivery: Delivery, subscription: Subscription | None) -> Letter:
        if subscription is None:
            return self._ping(delivery)
        body = self._body(delivery, subscription)
        id_, moment = f"msg_{delivery.id}", self.now.replace(microsecond=0)
        signatures = [Webhook(secret).sign(id_, moment, body.decode()) for secret in self._secrets(subscription)]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Homeward",
            "webhook-id": id_,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        return Letter(delivery.id, subscription.url, headers, body)

    def _ping(self, delivery: Delivery) -> Letter:
        body = urlencode({"hub.mode": "publish", "hub.url": delivery.topic}).encode()
        headers = {"Content-Type": FORM, "User-Agent": "Homeward"}
        return Letter(delivery.id, self.tools.room.settings.websub_hub, headers, body, trusted=True)

    def _secrets(self, subscription: Subscription) -> list[str]:
        keys = self.tools.room.keys
        sealed = [subscription.secret]
        if subscription.old_secret and subscription.old_until and subscription.old_until > self.now:
            sealed.append(subscription.old_secret)
        return [keys.unseal(each).decode() for each in sealed]

    def _body(self, delivery: Delivery, subscription: Subscription) -> bytes:
        seq = delivery.change_seq
        if seq is None:
            return _dumped(TYPES[delivery.kind], delivery.made_at, _about(delivery, subscription))
        if seq not in self.bodies:
            self.bodies[seq] = self._change(seq)
        return self.bodies[seq]

    def _change(self, seq: int) -> bytes:
        """A change with the alert as it stands now: of one that has ended since, its nameless tombstone."""
        change = self.session.get_one(Change, seq)
        settings = self.tools.room.settings
        where = Addresses(settings.public_url("alerts"), settings.sender)
        (about,) = told.changes(self.session, self.tools.room.keys, [change], self.now, where)
        return _dumped(f"alert.{change.kind}", change.at, about)


def _about(delivery: Delivery, subscription: Subscription) -> dict[str, Any]:
    about: dict[str, Any] = {"subscription": subscription.id}
    if delivery.kind == "verify":
        about["challenge"] = subscription.challenge
    if delivery.kind == "notice":
        about["reason"] = subscription.reason
    return about


def _dumped(type_: str, at: datetime, data: dict[str, Any]) -> bytes:
    body = {"type": type_, "timestamp": geojson.iso(at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
