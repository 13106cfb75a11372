"""The door's front page: the alerts of now, and how a newsroom takes them."""

from flask import Blueprint, render_template, request
from flask_babel import gettext

from services.alerts.feed import TERMS
from services.alerts.live.answering import choose
from services.alerts.params import STATUSES
from services.alerts.schemas import Query
from services.alerts.views.context import tools, where
from shared.language import language
from shared.regions import Region
from shared.web.alertpage import text_for

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> str:
    """Live alerts, of one region if it is named; exercises only where they are asked for."""
    asked = request.args.get("region", "").strip()
    region = _region(asked)
    status = STATUSES.get(request.args.get("status", "actual").lower(), "Actual")
    query = Query(status=status, regions=(region.code,) if region else ())
    live = tools().live
    items = choose(live.now().of(status), live.groups, query).items if region or not asked else ()
    return render_template(
        "alerts/home.html", items=items, asked=asked, region=region, status=status, where=where(),
        unknown=gettext("We know no region of this name.") if asked and not region else "",
        text_for=text_for, name_of=lambda code: tools().regions.get(code).name(language()),
    )  # fmt: skip


@pages.get("/v1/docs")
def docs() -> str:
    """How a newsroom plugs in."""
    return render_template("alerts/docs.html", where=where(), terms=TERMS)


def _region(asked: str) -> Region | None:
    found = tools().regions.search(asked, limit=1) if asked else ()
    return found[0] if found else None
