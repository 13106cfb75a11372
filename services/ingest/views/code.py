"""The code of an unfinished report: shown when it is first saved and when it is left, to print or to keep as a file."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from services.ingest import steps
from services.ingest.views import draftpass
from services.ingest.views.context import tools
from services.ingest.views.draftpages import opened, page

pages = Blueprint("code", __name__)


@pages.route("/report/code", methods=["GET"])
def show() -> ResponseReturnValue:
    found = opened()
    if isinstance(found, AnyResponse):
        return found
    key, draft = found
    following = next((name for name in steps.NAMES if name not in draft.steps), None)
    onward = url_for("step.show", name=following) if following else url_for("review.show")
    return page("code", key, draft, code=key.code, onward=onward, left=bool(request.args.get("left")))


@pages.get("/report/code.txt")
def as_file() -> ResponseReturnValue:
    """The code and where it opens, and not a word of a child: whoever finds the file learns nothing else."""
    key = draftpass.current()
    if key is None:
        return redirect(url_for("resume.ask", gone=1), 303)
    address = f"{tools().room.settings.public_url('ingest')}/case"
    text = gettext("Code: %(code)s\nEnter it here: %(address)s\n", code=key.code, address=address)
    named = {"Content-Disposition": 'attachment; filename="code.txt"'}
    return Response(text, mimetype="text/plain", headers=named)


@pages.post("/report/forget")
def forget() -> ResponseReturnValue:
    """For a telephone or computer that others use: without the code nothing is found here any more."""
    return draftpass.forget(redirect(url_for("code.forgotten"), 303))


@pages.get("/report/forgotten")
def forgotten() -> str:
    return render_template("ingest/steps/forgotten.html")
