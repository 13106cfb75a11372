"""Who is on call, and what they were last called for."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from services.review.acting import perform
from services.review.base import db
from services.review.oncall import acts
from services.review.oncall.models import Call, OnCall, Page
from services.review.people.rules import may
from services.review.views.access import needs, officer
from services.review.views.context import tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("oncall", __name__)

SHOWN = 30


@dataclass(frozen=True)
class Paged:
    """A page and each of its calls, with whom it was for."""

    page: Page
    calls: list[tuple[Call, OnCall]]


def latest() -> list[Paged]:
    """The last pages of the officer's regions, the newest first."""
    session = db.session()
    rows = session.scalars(select(Page).order_by(Page.made_at.desc()).limit(SHOWN * 4)).all()
    mine = [row for row in rows if may(officer(), acts.RIGHT, row.region)][:SHOWN]
    query = select(Call, OnCall).join(OnCall, Call.on_call_id == OnCall.id)
    return [
        Paged(row, [(call, person) for call, person in session.execute(query.where(Call.page_id == row.id))])
        for row in mine
    ]


@pages.get("/on-call")
@needs("oncall.keep")
def listed() -> str:
    return _page()


@pages.post("/on-call")
@needs("oncall.keep")
def add() -> ResponseReturnValue:
    form = request.form
    own = officer().regions[0] if len(officer().regions) == 1 else ""
    given = form.get("name", ""), form.get("address", ""), form.get("region", "") or own
    return attempt(
        lambda: perform(tools(), acts.add, officer(), "new", *given),
        lambda _: url_for("oncall.listed", done="added"),
        _page,
    )


@pages.post("/on-call/<id:on_call_id>/remove")
@needs("oncall.keep")
def remove(on_call_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), acts.remove, officer(), on_call_id),
        lambda _: url_for("oncall.listed", done="removed"),
        _page,
    )


def _page(trouble: Trouble = NONE) -> str:
    return render_template(
        "review/on_call.html", rows=acts.listed(db.session(), officer()), paged=latest(), trouble=trouble,
        form=request.form, done=request.args.get("done", ""), settings=tools().room.settings,
    )  # fmt: skip
