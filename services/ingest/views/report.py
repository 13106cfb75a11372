"""The report of a missing child: its first page, where danger comes first, and its last, where the code is."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from services.ingest import drafts, emergency, handlers
from services.ingest.views import draftpass
from services.ingest.views.context import language, tools
from services.ingest.views.country import country

pages = Blueprint("report", __name__)


@pages.get("/report")
def fill_in() -> str:
    """Is the child in danger now? Whom to call, then how to begin or go on."""
    key = draftpass.current()
    return render_template(
        "ingest/steps/start.html",
        call=emergency.call(country()),
        country=country(),
        countries=_countries(),
        unfinished=bool(key and drafts.load(key, tools().room)),
    )


@pages.post("/report")
def start_another() -> ResponseReturnValue:
    """Puts the report of this browser aside (its code opens it again) and begins a new one."""
    return draftpass.forget(redirect(url_for("step.show", name="child"), 303))


@pages.get("/report/sent")
def sent() -> ResponseReturnValue:
    """That it arrived, the code, and what happens next."""
    key = draftpass.current()
    if key is None or not handlers.is_sent(key.code, tools()):
        return redirect(url_for("resume.ask"), 303)
    again = bool(request.args.get("again"))
    return render_template("ingest/steps/sent.html", code=key.code, again=again)


def _countries() -> list[tuple[str, str]]:
    """Code and name of each country whose number we know, by name."""
    known = emergency.countries()
    named = [(one.code, one.name(language())) for one in tools().regions.all() if one.level == 0 and one.code in known]
    return sorted(named, key=lambda pair: pair[1])
