"""Where an officer writes down a report for a family that telephones or stands at the counter."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.cases import scribing
from services.review.views import report_form
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("filing", __name__)


@pages.get("/cases/new")
@needs("case.start")
def blank() -> str:
    return _form()


@pages.post("/cases")
@needs("case.start")
def create() -> ResponseReturnValue:
    request.max_content_length = report_form.REQUEST_LIMIT

    def send() -> str:
        report, pictures = report_form.read(_fields(request.form)), report_form.pictures()
        return perform(tools(), scribing.file_report, officer(), "new", report, pictures)

    return attempt(send, lambda id_: url_for("cases.one", case_id=id_, done="filed"), _form)


def _form(trouble: Trouble = NONE) -> str:
    return render_template(
        "review/case_new.html", trouble=trouble, form=request.form, now=now(), most=scribing.MOST_PHOTOS
    )


def _fields(form: Mapping[str, str]) -> dict[str, str]:
    """What the page's form says; what is empty is left out."""
    day, time = form.get("seen_at.day", ""), form.get("seen_at.time", "")
    said = {name: form.get(name, "").strip() for name in report_form.NAMES}
    said["seen_at"] = f"{day}T{time or '00:00'}:00+00:00" if day else ""
    return {name: value for name, value in said.items() if value}
