"""The record as a page: newest first, and on request whether its chain holds."""

from flask import Blueprint, render_template, request

from services.review import audit
from services.review.base import db
from services.review.views import record
from services.review.views.access import needs, officer
from services.review.views.api.audit import LIMIT, before
from services.review.views.context import tools

pages = Blueprint("audit", __name__)


@pages.get("/audit")
@needs("audit.read")
def latest() -> str:
    entries = record.latest(officer(), before(), LIMIT)
    asked = request.args.get("verify") == "1"
    report = audit.verify(db.session(), tools().room.keys.directory) if asked else None
    return render_template("review/audit.html", entries=entries, report=report, more=len(entries) == LIMIT)
