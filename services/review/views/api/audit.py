"""The record, page by page, and whether its chain holds."""

from flask import Blueprint, Response, jsonify, request

from services.review import audit
from services.review.base import db
from services.review.views import record, shapes
from services.review.views.access import needs, officer
from services.review.views.context import tools

pages = Blueprint("api_audit", __name__)
LIMIT = 100


def before() -> int | None:
    """The sequence number to go on from, within what a database calls an integer."""
    asked = request.args.get("before", type=int)
    return None if asked is None else max(1, min(asked, 2**31 - 1))


@pages.get("/audit")
@needs("audit.read")
def latest() -> Response:
    """`?before=` is the `next` of the page before; with `?verify=1` the whole chain is walked."""
    entries = record.latest(officer(), before(), LIMIT)
    answer = {
        "entries": [shapes.entry(row) for row in entries],
        "next": entries[-1].seq if len(entries) == LIMIT else None,
    }
    if request.args.get("verify") == "1":
        report = audit.verify(db.session(), tools().room.keys.directory)
        answer["verified"] = shapes.verified(report.entries, report.broken)
    return jsonify(answer)
