"""The record, page by page, as a file, and whether its chain holds."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from services.review import audit, audit_checkpoints
from services.review.base import db
from services.review.views import audit as page
from services.review.views import audit_asked, record, shapes
from services.review.views.access import needs, officer
from services.review.views.audit_reads import reads
from services.review.views.context import tools

pages = Blueprint("api_audit", __name__)


@pages.get("/audit")
@needs("audit.read")
def latest() -> Response:
    """`?before=` is the `next` of the page before, `who`, `act`, `about`, `since`, `until`, `refused=1`, `reads=no`
    choose rows; with `?verify=1` the whole chain is walked."""
    asked = audit_asked.of_request()
    entries = record.latest(officer(), asked.before, audit_asked.LIMIT, asked.wanted)
    answer = {
        "entries": [shapes.entry(row) for row in entries],
        "next": entries[-1].seq if len(entries) == audit_asked.LIMIT else None,
    }
    if request.args.get("verify") == "1":
        reads("audit.verify", "")
        outside = audit_checkpoints.outside(tools().room.settings)
        report = audit.verify(db.session(), tools().room.keys.directory, outside)
        answer["verified"] = shapes.verified(report.entries, report.broken)
    return jsonify(answer)


@pages.get("/audit/export")
@needs("audit.read")
def export() -> ResponseReturnValue:
    """The chosen rows as a file; `?format=csv` or `json`."""
    return page.export()
