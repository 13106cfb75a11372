"""GET /v1/changes: every publication, amendment, cancellation and expiry in order, so that nothing can be missed."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext
from marshmallow import ValidationError

from services.alerts import geojson, schemas, store
from services.alerts.models import Change
from services.alerts.views.answers import public
from services.alerts.views.context import session, tools, where
from shared.http import Problem

pages = Blueprint("changes", __name__)
A_PAGE = 200


@pages.get("/v1/changes")
def changes() -> Response:
    """What happened after `cursor` (none: from the beginning), and the cursor to go on from."""
    after, status = _after(), _status()
    rows = store.changes(session(), status, after, A_PAGE)
    body = {
        "checked": geojson.iso(tools().room.clock().replace(second=0)),
        "status": status,
        "changes": [_change(row) for row in rows],
        "cursor": str(rows[-1].seq if rows else after),
        "more": len(rows) == A_PAGE,
    }
    return public(geojson.dumped(body), "application/json", store.last_change(session(), status))


def _change(row: Change) -> dict[str, Any]:
    """A change. Of an alert that has ended since, there is no more than that."""
    item = store.find(session(), tools().room.keys, row.alert_id)
    known = {"seq": row.seq, "kind": row.kind, "alert": row.alert_id, "at": geojson.iso(row.at)}
    return known | {
        "identifier": row.identifier,
        "state": item.alert.state if item else None,
        "feature": geojson.feature(item, where()) if item else None,
    }


def _after() -> int:
    raw = request.args.get("cursor", "0")
    if not raw.isdigit() or len(raw) > 18:
        detail = gettext("Not a cursor of ours; begin without one.")
        raise Problem(
            400, gettext("We could not read this request"), detail, [{"pointer": "#/cursor", "detail": detail}]
        )
    return int(raw)


def _status() -> str:
    unknown = set(request.args) - {"cursor", "status", "lang"}
    try:
        if unknown:
            raise ValidationError({name: ["There is no such parameter."] for name in sorted(unknown)})
        return schemas.STATUSES[request.args.get("status", "actual").lower()]
    except (KeyError, ValidationError) as error:
        detail = f"Parameters are cursor and status; status is one of {', '.join(schemas.STATUSES)}."
        errors = [{"pointer": f"#/{name}", "detail": detail} for name in sorted(unknown) or ["status"]]
        raise Problem(400, gettext("We could not read this request"), detail, errors) from error
