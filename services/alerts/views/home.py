"""The door's front page: the alerts of now, and how a newsroom takes them."""

from flask import Blueprint, render_template

from services.alerts.feed import TERMS
from services.alerts.views.asked import asked
from services.alerts.views.context import tools, where
from shared.language import language
from shared.web.alertpage import named, text_for

pages = Blueprint("home", __name__)
TRIED_IN = "SE-O"
SNIPPETS = ("curl", "python", "javascript", "cron")


@pages.get("/")
def home() -> str:
    """Live alerts, of one region if it is named; exercises only where they are asked for."""
    return render_template(
        "alerts/home.html", **vars(asked()), where=where(), text_for=text_for,
        places_of=lambda content: named(content, tools().regions, language()),
    )  # fmt: skip


@pages.get("/v1/docs")
def docs() -> str:
    """How a newsroom plugs in."""
    limit = tools().room.settings.feeds_rate
    return render_template("alerts/docs.html", where=where(), terms=TERMS, limit=limit)


@pages.get("/first-alert")
def first() -> str:
    """Programs to copy. A test runs each of them."""
    addresses = {
        "feed": where().feed(f"/v1/regions/{TRIED_IN}/alerts.geojson", [("status", "exercise")]),
        "changes": where().feed("/v1/changes", [("status", "exercise")]),
    }
    snippets = {name: render_template(f"alerts/snippets/{name}.txt", **addresses) for name in SNIPPETS}
    return render_template("alerts/first.html", where=where(), terms=TERMS, snippets=snippets)
