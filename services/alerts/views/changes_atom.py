"""GET /v1/changes.atom: the changes for readers of Atom, with tombstones."""

from flask import Blueprint, Response, request

from services.alerts import atom, params, schemas, store, tombstones
from services.alerts.live.again import mark
from services.alerts.tombstones import Changes
from services.alerts.views.answers import checked, misread, public, version
from services.alerts.views.changes import A_PAGE, after
from services.alerts.views.context import session, tools, where

pages = Blueprint("changes_atom", __name__)


@pages.get("/v1/changes.atom")
def changes() -> Response:
    """What happened after `cursor`; where to go on is in the feed's link, and in its `cursor`."""
    faults: schemas.Faults = {}
    asked = schemas.each(request.args, {"cursor": after, "status": params.status, "lang": params.lang}, faults)
    if faults:
        raise misread(faults)
    seen, now = version(tools()), tools().room.clock()
    status = asked.get("status", "Actual")
    rows = store.changes(session(), status, asked.get("cursor", 0), A_PAGE)
    ids = list({row.alert_id for row in rows})
    cursor = str(rows[-1].seq if rows else asked.get("cursor", 0))
    page = Changes(
        rows=rows, alerts={each.alert.id: each for each in store.found(session(), tools().room.keys, ids, now)},
        checked=checked(now), cursor=cursor, more=len(rows) == A_PAGE,
        self_url=_at(request.args.get("cursor", "")), next_url=_at(cursor),
    )  # fmt: skip
    mark(request.environ, seen)
    return public(
        tombstones.feed(page, where()), atom.MEDIA_TYPE, store.last_changes(session(), now).get(status),
        also=page.checked,
    )  # fmt: skip


def _at(cursor: str) -> str:
    """The address of the changes after this cursor."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return where().feed("/v1/changes.atom", asked + ([("cursor", cursor)] if cursor else []))
