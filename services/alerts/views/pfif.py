"""GET /v1/pfif: the alerts for systems that look for people, in the order of their entry dates."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, request

from services.alerts import params, pfif, schemas, store
from services.alerts.live.again import mark
from services.alerts.live.snapshot import Moment
from services.alerts.store import Published
from services.alerts.views.answers import checked, misread, public
from services.alerts.views.context import session, tools, where
from shared.messages import CapStatus

pages = Blueprint("pfif", __name__)
PLACEHOLDERS_FOR = timedelta(days=60)
PARSERS = {
    "min_entry_date": params.since,
    "skip": params.skip,
    "max_results": params.limit,
    "status": params.status,
    "lang": params.lang,
}


@pages.get("/v1/pfif")
def people() -> Response:
    """Persons entered at `min_entry_date` or later, oldest first: of live alerts whole, of ended ones the placeholder.

    To go on: `min_entry_date` of the newest that you have, and `skip` as many as you have of that very date."""
    faults: schemas.Faults = {}
    asked = schemas.each(request.args, PARSERS, faults)
    if faults:
        raise misread(faults)
    live, status = tools().live.now(), asked.get("status", "Actual")
    rows = _entered(live, status, asked.get("min_entry_date"))
    begin = asked.get("skip", 0)
    chosen = _whole(live, [id_ for _, id_ in rows[begin : begin + asked.get("max_results", params.MOST)]])
    mark(request.environ, (live.version, checked(tools().room.clock())))
    return public(pfif.feed(chosen, where()), pfif.MEDIA_TYPE, live.updated.get(status))


def _entered(live: Moment, status: CapStatus, since: datetime | None) -> list[tuple[datetime, str]]:
    """Entry date and id of every alert that there is something to say of, oldest first."""
    now = tools().room.clock()
    ended = store.ended(session(), status, now - PLACEHOLDERS_FOR, now)
    alive = {item.alert.id: item.changed_at for item in live.of(status).items}
    rows = sorted((at, id_) for id_, at in (ended | alive).items())
    return [row for row in rows if since is None or row[0] >= since]


def _whole(live: Moment, ids: list[str]) -> list[Published]:
    """These alerts, in this order."""
    gone = [id_ for id_ in ids if id_ not in live.items]
    found = {item.alert.id: item for item in store.found(session(), tools().room.keys, gone, tools().room.clock())}
    return [live.items.get(id_) or found[id_] for id_ in ids]
