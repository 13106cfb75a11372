"""A request that something about oneself or one's child be taken away: about an alert (`?alert=<id>`) or, posted to
with the tracking code from the status page, about one's own report."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.ingest import handlers
from services.ingest.forms import FormKey
from services.ingest.later import reading, removals
from services.ingest.reading import Invalid
from services.ingest.status import Standing
from services.ingest.views import case
from services.ingest.views.context import language, tools
from services.ingest.views.written import Form, faults_by_field

pages = Blueprint("removal", __name__)
ASKED = ("affected", "which", "text", "contact")


@pages.get("/removal")
def ask() -> str:
    return _page(MultiDict({"alert": request.args.get("alert", "")[:64]}))


@pages.post("/removal")
def send() -> ResponseReturnValue:
    if request.form.get("code"):
        return case.opened(_take)
    return _take(None)


def _take(found: Standing | None) -> ResponseReturnValue:
    report = found.receipt_id if found and found.kind == "report" else None
    form, room = FormKey.read(request.form.get("form", "")), tools()
    if handlers.is_sent(form.tracking_code, room):
        return _receipt(form, again=True)
    if request.form.get("act") != "send":
        return _page(request.form, report, form=form)
    raw = {name: request.form.get(name, "") for name in ASKED}
    alert = request.form.get("alert", "")
    try:
        asked = reading.removal(raw | {"alert": alert or None, "language": language()}, report)
    except Invalid as invalid:
        return _page(request.form, report, faults_by_field(invalid.faults, request.form, []), form), 422
    return _receipt(form, again=not removals.submit(asked, form, room))


def _page(
    written: Form, report: str | None = None, errors: dict[str, str] | None = None, form: FormKey | None = None
) -> str:
    return render_template(
        "ingest/removal.html", written=written, errors=errors or {}, form_key=(form or FormKey.new()).write(),
        about_report=report is not None, hours=tools().room.settings.removal_hours,
        code=request.form.get("code", "") if report else "",
    )  # fmt: skip


def _receipt(form: FormKey, *, again: bool) -> str:
    return render_template(
        "ingest/removal_sent.html", form_key=form.write(), code=form.tracking_code, again=again,
        hours=tools().room.settings.removal_hours,
    )  # fmt: skip
