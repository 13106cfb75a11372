"""The record, page by page, as a file, and whether its chain holds."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from services.review import audit, audit_checkpoints
from services.review.base import db
from services.review.views import audit as page
from services.review.views import audit_asked, record, shapes
from services.review.views.access import needs, officer
from services.review.views.api.answers.record import Record
from services.review.views.api.asked import Export, RecordAsked
from services.review.views.audit_reads import reads
from services.review.views.context import tools
from shared.openapi import File, operation

pages = Blueprint("api_audit", __name__)


@pages.get("/audit")
@needs("audit.read")
@operation("Read the record, newest first", gives=Record, asks=RecordAsked)
def latest() -> Response:
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
@operation(
    "Export a part of the record as a file", gives=File(("text/csv", "application/json")), asks=Export, problems=[400]
)
def export() -> ResponseReturnValue:
    """The rows that the address asks for, oldest first, each with what is needed to verify it elsewhere."""
    return page.export()
