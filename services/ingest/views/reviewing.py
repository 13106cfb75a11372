"""The last page before a report is sent: all that was written, with ways to change it, and one button."""

from collections.abc import Sequence

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from services.ingest import drafts, drawer, steps
from services.ingest.draftkey import DraftKey
from services.ingest.drafts import Draft
from services.ingest.handlers import Entry, submit_report
from services.ingest.reading import Invalid
from services.ingest.rules import Fault
from services.ingest.views import draftpass
from services.ingest.views.context import tools
from services.ingest.views.draftpages import form_of, gone, opened, page, read, refuse_other
from services.ingest.views.gallery import SMALL, previews
from services.ingest.views.written import faults_by_field
from shared.bus import Work

pages = Blueprint("review", __name__)


@pages.get("/report/review")
def show() -> ResponseReturnValue:
    found = opened()
    if isinstance(found, Response):
        return found
    key, draft = found
    kept = drawer.ids(key, tools().room)
    try:
        read(draft.written | {"consent": "yes"}, kept)
    except Invalid as invalid:
        return _page(key, draft, invalid.faults)
    return _page(key, draft)


@pages.post("/report/review")
def send() -> ResponseReturnValue:
    """Sends the report. A second press, or a second window, finds it sent."""
    key = draftpass.current()
    draft = drafts.load(key, tools().room) if key else None
    if key is None or draft is None:
        return gone(key)
    refuse_other(key, request.form.get("draft", ""))
    if request.form.get("act") == "language":
        return _page(key, draft)
    if request.form.get("act") == "leave":
        return redirect(url_for("code.show", left=1), 303)
    if request.form.get("seen") != str(draft.revision):
        return _page(key, draft, changed=True), 409
    return _send(key, draft)


def _send(key: DraftKey, draft: Draft) -> ResponseReturnValue:
    room = tools()
    kept = drawer.look(key, room.room)
    try:
        report = read(draft.written | {"consent": request.form.get("consent", "")}, list(kept))
    except Invalid as invalid:
        return _page(key, draft, invalid.faults), 422

    def clear(work: Work) -> None:
        drafts.clear(key, work, room.room)

    fresh = submit_report(report, Entry(key.code, tuple(kept.values()), draft.salt, clear), room)
    return redirect(url_for("report.sent", again=None if fresh else 1), 303)


def _page(key: DraftKey, draft: Draft, faults: Sequence[Fault] = (), *, changed: bool = False) -> str:
    written = form_of(draft.written)
    kept = drawer.look(key, tools().room)
    errors = faults_by_field(faults, written, list(kept))
    return page(
        "review",
        key,
        draft,
        written=written,
        errors=errors,
        leads={field: _link(field) for field in errors},
        changed=changed,
        photos=previews(kept, written, SMALL),
        consent=request.form.get("consent") == "yes",
    )


def _link(field: str) -> str:
    """The address of a field on its step's page."""
    name = steps.step_of(field)
    return f"#{field}" if name == "review" else url_for("step.show", name=name, back="review", _anchor=field)
