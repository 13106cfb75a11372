"""The record as a page: newest first, by what was asked for, and on request whether its chain holds."""

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.review import audit, audit_checkpoints, audit_export
from services.review.base import db
from services.review.people import store
from services.review.views import audit_asked, record
from services.review.views.access import needs, officer
from services.review.views.audit_reads import reads
from services.review.views.context import now, tools
from shared.http import Problem

pages = Blueprint("audit", __name__)
_KINDS = {"csv": "text/csv", "json": "application/json"}


@pages.get("/audit")
@needs("audit.read")
def latest() -> str:
    asked = audit_asked.of_request()
    entries = record.latest(officer(), asked.before, audit_asked.LIMIT, asked.wanted)
    report = _checked() if request.args.get("verify") == "1" else None
    return render_template(
        "review/audit.html", entries=entries, report=report, more=len(entries) == audit_asked.LIMIT, asked=asked,
        people=store.everyone(db.session()), checkpoint=audit_checkpoints.latest(db.session()),
    )  # fmt: skip


@pages.get("/audit/export")
@needs("audit.read")
def export() -> ResponseReturnValue:
    """The wanted rows as a file; `?format=csv` or `json`."""
    asked, kind = audit_asked.of_request(), request.args.get("format", "csv")
    if kind not in _KINDS:
        raise Problem(400, gettext("We cannot write this format"), gettext("Please ask for csv or json."))
    reads("audit.export", f"{kind} {asked.told}")
    session, viewer = db.session(), officer()
    found = audit_export.rows(session, asked.wanted, store.names(session), lambda row: record.told_to(viewer, row))
    response = Response(stream_with_context(audit_export.WRITERS[kind](found)), mimetype=_KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="homeward-record-{now():%Y-%m-%d}.{kind}"'
    return response


def _checked() -> audit.Report:
    reads("audit.verify", "")
    outside = audit_checkpoints.outside(tools().room.settings)
    return audit.verify(db.session(), tools().room.keys.directory, outside)
