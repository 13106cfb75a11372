"""Going on with an unfinished report by its code, on any device."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from services.ingest import drafts, tracking
from services.ingest.draftkey import DraftKey
from services.ingest.status import UnknownCode
from services.ingest.tracking import BadCode
from services.ingest.views import draftpass
from services.ingest.views.context import tools
from services.ingest.views.guessing import look_up, paced

pages = Blueprint("resume", __name__)


@pages.get("/report/resume")
def ask() -> str:
    return render_template("ingest/steps/resume.html", error=None, gone=bool(request.args.get("gone")))


@pages.post("/report/resume")
def go_on() -> ResponseReturnValue:
    heard = request.form.get("code", "")
    if request.form.get("act") == "language":
        return ask()
    try:
        if answer := resumed(heard):
            return answer
        look_up(heard)
    except BadCode:
        error = gettext("This is not one of our codes. It has 20 letters and digits; please compare each of them.")
    except UnknownCode:
        error = gettext(
            "We find nothing under this code. Please compare it letter by letter. A report that was not finished is"
            " erased after some days."
        )
    else:
        return render_template("ingest/steps/resume.html", error=None, sent=True, gone=False)
    return render_template("ingest/steps/resume.html", error=error, gone=False), 422


def resumed(heard: str) -> Response | None:
    """Where to go on with the unfinished report of this code; None if there is none. Raises Problem (429), BadCode."""
    key = paced(lambda: _key(heard))
    return draftpass.give(redirect(url_for("code.show"), 303), key) if key else None


def _key(heard: str) -> DraftKey | None:
    return drafts.by_code(tracking.normal(heard), tools().room)
