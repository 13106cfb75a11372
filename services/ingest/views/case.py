"""How a report stands. The code is posted: it never stands in an address, a history or a log."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.ingest.status import UnknownCode
from services.ingest.tracking import BadCode
from services.ingest.views.guessing import look_up
from services.ingest.views.resume import resumed

pages = Blueprint("case", __name__)


@pages.get("/case")
def ask() -> str:
    return render_template("ingest/code.html", error=None)


@pages.post("/case")
def show() -> ResponseReturnValue:
    heard = request.form.get("code", "")
    if not heard and request.form.get("act") == "language":
        return ask()
    try:
        if answer := resumed(heard):
            return answer
        return render_template("ingest/case.html", code=heard, case=look_up(heard))
    except BadCode:
        error = gettext("This is not one of our codes. It has 20 letters and digits; please compare each of them.")
    except UnknownCode:
        error = gettext("We find nothing under this code. Please compare it once more, letter by letter.")
    return render_template("ingest/code.html", error=error), 422
