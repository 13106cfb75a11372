"""/v1/subscriptions: webhooks, for the holders of keys. The only part of this door that writes."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, post_load, validate
from werkzeug.exceptions import BadRequest

from services.alerts import geojson
from services.alerts.deliver import subscriptions as acts
from services.alerts.deliver.models import Attempt, Delivery, Subscription
from services.alerts.deliver.subscriptions import Wanted
from services.alerts.params import STATUSES
from services.alerts.schemas import MOST_REGIONS
from services.alerts.views.asking import holder
from services.alerts.views.context import session, tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.http import Problem

pages = Blueprint("subscriptions", __name__, url_prefix="/v1/subscriptions")
SCOPE = "subscribe"
Made = TypeVar("Made")


class WantedSchema(Schema):
    """{"url", "regions": ["SE-O"], "status": "actual"}"""

    url = fields.String(required=True)
    regions = fields.List(fields.String(), load_default=list, validate=validate.Length(max=MOST_REGIONS))
    status = fields.String(load_default="actual", validate=validate.OneOf(list(STATUSES)))

    @post_load
    def wanted(self, data: dict[str, Any], **_: Any) -> Wanted:
        codes = tuple(dict.fromkeys(code.upper() for code in data["regions"]))
        if unknown := [code for code in codes if not (code.isascii() and tools().regions.known(code))]:
            raise ValidationError(
                {"regions": [f"There is no region {', '.join(unknown)}. /v1/regions lists them all."]}
            )
        return Wanted(data["url"], codes, STATUSES[data["status"]])


@pages.post("")
def make() -> tuple[Response, int]:
    """Makes a subscription. Its endpoint is sent a challenge, and told of alerts once it has echoed it."""
    key, wanted = holder(SCOPE), WantedSchema().load(_sent())
    body = _working(lambda work: _with_secret(*acts.make(work, tools(), key, wanted)))
    answer = jsonify(body)
    answer.headers["Location"] = f"{tools().room.settings.public_url('alerts')}/v1/subscriptions/{body['id']}"
    return answer, 201


def _sent() -> Any:
    """The request's JSON. Raises BadRequest, UnsupportedMediaType."""
    try:
        return request.get_json()
    except RecursionError as error:
        raise BadRequest from error


@pages.get("")
def every() -> Response:
    return jsonify(subscriptions=[_shown(each) for each in acts.mine(session(), holder(SCOPE))])


@pages.get("/<id_>")
def one(id_: str) -> Response:
    return jsonify(_shown(acts.get(session(), holder(SCOPE), id_)))


@pages.delete("/<id_>")
def end(id_: str) -> tuple[str, int]:
    key = holder(SCOPE)
    _working(lambda work: acts.end(work, acts.get(work.session, key, id_)))
    return "", 204


@pages.post("/<id_>/verify")
def verify(id_: str) -> tuple[Response, int]:
    """Sends a fresh challenge."""
    return _sending(id_, acts.verify_again)


@pages.post("/<id_>/test")
def test(id_: str) -> tuple[Response, int]:
    """Sends a test."""
    return _sending(id_, acts.test)


@pages.post("/<id_>/secret")
def new_secret(id_: str) -> Response:
    """A new secret; the old one goes on signing beside it for a day."""
    key = holder(SCOPE)

    def act(work: Work) -> dict[str, Any]:
        subscription = acts.get(work.session, key, id_)
        return _with_secret(subscription, acts.new_secret(work, tools(), subscription))

    return jsonify(_working(act))


@pages.get("/<id_>/deliveries")
def log(id_: str) -> Response:
    """The newest hundred deliveries, with every try."""
    found = acts.deliveries(session(), acts.get(session(), holder(SCOPE), id_))
    return jsonify(deliveries=[_delivery(row, tries) for row, tries in found])


@pages.post("/<id_>/deliveries/<delivery_id>/redeliver")
def redeliver(id_: str, delivery_id: str) -> tuple[Response, int]:
    """Sends it again, with the same webhook-id."""
    return _sending(
        id_, lambda work, subscription: acts.redeliver(work, subscription, delivery_id.removeprefix("msg_"))
    )


def _sending(id_: str, act: Callable[[Work, Subscription], Delivery]) -> tuple[Response, int]:
    key = holder(SCOPE)
    return jsonify(_working(lambda work: _delivery(act(work, acts.get(work.session, key, id_)), []))), 202


def _working(act: Callable[[Work], Made]) -> Made:
    try:
        with tools().room.bus.work() as work:
            return act(work)
    except NotAllowed as error:
        if error.reason == "not_found":
            raise
        status = 403 if error.reason == "not_permitted" else 409
        raise Problem(status, gettext("This cannot be done"), error.detail, reason=error.reason) from error


def _with_secret(subscription: Subscription, secret: str) -> dict[str, Any]:
    return _shown(subscription) | {"secret": secret}


def _shown(row: Subscription) -> dict[str, Any]:
    return {
        "id": row.id, "url": row.url, "regions": row.regions, "status": row.status.lower(), "state": row.state,
        "reason": row.reason, "made_at": geojson.iso(row.made_at),
        "verified_at": geojson.iso(row.verified_at) if row.verified_at else None,
        "troubled_since": geojson.iso(row.troubled_since) if row.troubled_since else None,
    }  # fmt: skip


def _delivery(row: Delivery, tries: list[Attempt]) -> dict[str, Any]:
    shown = [
        {"at": geojson.iso(each.at), "status": each.status, "reason": each.reason, "milliseconds": each.milliseconds}
        for each in tries
    ]
    return {
        "id": f"msg_{row.id}", "kind": row.kind, "change": row.change_seq, "state": row.state,
        "made_at": geojson.iso(row.made_at), "due_at": geojson.iso(row.due_at) if row.state == "waiting" else None,
        "tries": shown,
    }  # fmt: skip
