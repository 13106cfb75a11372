"""Rights that wait for a second granter: an administrator's or a supervisor's page."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.people import factors, grants, store
from services.review.people.models import Grant
from services.review.people.rules import FactorNeeded, may_confirm
from services.review.views.access import needs, officer
from services.review.views.context import tools
from services.review.views.trying import NONE, Trouble, attempt
from shared.errors import NotAllowed

pages = Blueprint("grants", __name__)


@pages.get("/grants")
@needs("role.confirm")
def listed() -> str:
    return _page()


@pages.post("/grants/<id:officer_id>/confirm")
@needs("role.confirm")
def confirm(officer_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), grants.confirm, officer(), officer_id, request.form.get("grant", "")[:40]),
        lambda _: url_for("grants.listed", done="confirmed"),
        _page,
    )


@pages.post("/grants/<id:officer_id>/refuse")
@needs("role.confirm")
def refuse(officer_id: str) -> ResponseReturnValue:
    given = (request.form.get("grant", "")[:40], request.form.get("reason", ""))
    return attempt(
        lambda: perform(tools(), grants.refuse, officer(), officer_id, *given),
        lambda _: url_for("grants.listed", done="refused"),
        _page,
    )


def _page(trouble: Trouble = NONE) -> str:
    session = db.session()
    rows = [
        (grant, store.get(session, grant.officer_id), factors.of_officer(session, grant.officer_id), refusal_of(grant))
        for grant in grants.waiting(session)
    ]
    return render_template(
        "review/grants.html", rows=rows, names=store.names(session), is_in=store.is_in, trouble=trouble,
        form=request.form, done=request.args.get("done", ""),
    )  # fmt: skip


def refusal_of(grant: Grant) -> str | None:
    """Why this reader cannot confirm, None if they can."""
    try:
        may_confirm(officer(), grant.asked_by, grant.officer_id, grant.regions)
    except FactorNeeded:
        return None
    except NotAllowed as refusal:
        return refusal.reason
    return None
