"""How a report stands. The code is posted: it never stands in an address, a history or a log."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.ingest.forms import FormKey
from services.ingest.status import Standing, UnknownCode
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
    return opened(page, resumed)


def opened(
    then: Callable[[Standing], ResponseReturnValue],
    first: Callable[[str], ResponseReturnValue | None] = lambda _: None,
) -> ResponseReturnValue:
    """What `then` makes of the submission whose code was posted, unless `first` has an answer to the code; where there
    is nothing under it, it is asked for again."""
    heard = request.form.get("code", "")
    try:
        if (answer := first(heard)) is not None:
            return answer
        found = look_up(heard)
    except BadCode:
        error = gettext("This is not one of our codes. It has 20 letters and digits; please compare each of them.")
    except UnknownCode:
        error = gettext("We find nothing under this code. Please compare it once more, letter by letter.")
    else:
        return then(found)
    return render_template("ingest/code.html", error=error), 422


def page(standing: Standing, done: str = "", **more: object) -> str:
    """The status page. `done` is what has just been done; `more` may have `errors` and what was `written`."""
    given = {"errors": {}, "written": {}, "done": done, "form_key": FormKey.new().write()} | more
    return render_template("ingest/case.html", code=request.form.get("code", ""), case=standing, **given)
