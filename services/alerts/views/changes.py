"""GET /v1/changes: every publication, amendment, cancellation and expiry in order, so that nothing can be missed."""

from flask import Blueprint, Response, request

from services.alerts import geojson, params, schemas, store, told
from services.alerts.live.again import mark
from services.alerts.views.answers import checked, misread, public, version
from services.alerts.views.context import session, tools, where
from shared.messages import CapStatus

pages = Blueprint("changes", __name__)
A_PAGE = 200


@pages.get("/v1/changes")
def changes() -> Response:
    """What happened after `cursor` (none: from the beginning), and the cursor to go on from."""
    begin, status = _asked()
    seen, now = version(tools()), tools().room.clock()
    rows = store.changes(session(), status, begin, A_PAGE)
    body = {
        "checked": geojson.iso(checked(now)),
        "status": status,
        "changes": told.changes(session(), tools().room.keys, rows, now, where()),
        "cursor": str(rows[-1].seq if rows else begin),
        "more": len(rows) == A_PAGE,
    }
    mark(request.environ, seen)
    return public(
        geojson.dumped(body), "application/json", store.last_changes(session(), now).get(status), also=checked(now)
    )


def _asked() -> tuple[int, CapStatus]:
    """The change to go on from, and the CAP status."""
    faults: schemas.Faults = {}
    found = schemas.each(request.args, {"cursor": after, "status": params.status, "lang": params.lang}, faults)
    if faults:
        raise misread(faults)
    return found.get("cursor", 0), found.get("status", "Actual")


def after(raw: str) -> int:
    """The number of a change, as our cursors say it."""
    number = params.whole(raw)
    if number is None:
        raise ValueError("Not a cursor of ours; begin without one.")
    return number
