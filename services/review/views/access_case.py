"""Who may see a case: its jurisdiction, an hour for an officer from elsewhere, and its transfer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import allow, perform
from services.review.base import db
from services.review.cases import store as cases
from services.review.cases.rules import OPEN
from services.review.people import opening, store
from services.review.people.rules import may
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("access", __name__)


@pages.get("/cases/<id:case_id>/access")
@needs("case.read")
def of_case(case_id: str) -> str:
    return _page(case_id)


@pages.post("/cases/<id:case_id>/hours")
@needs("access.grant")
def grant_hour(case_id: str) -> ResponseReturnValue:
    form = request.form
    return _act(case_id, "granted", opening.grant_hour, form.get("colleague", "")[:200], form.get("hour_reason", ""))


@pages.post("/cases/<id:case_id>/hours/end")
@needs("access.grant")
def end_hour(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "ended", opening.end_hour, request.form.get("hour", "")[:40])


@pages.post("/cases/<id:case_id>/transfer")
@needs("case.transfer")
def transfer(case_id: str) -> ResponseReturnValue:
    """Afterwards the case may be out of one's own sight: then its list is shown."""
    form = request.form
    given = (form.get("region", "")[:20], form.get("transfer_reason", ""))

    def onward(_: Any) -> str:
        case = cases.get(db.session(), case_id)
        stays = may(officer(), "case.read", case.region, case.id)
        return url_for("access.of_case", case_id=case_id, done="transferred") if stays else url_for("cases.listed")

    act = opening.transfer
    return attempt(
        lambda: perform(tools(), act, officer(), case_id, *given), onward, lambda trouble: _page(case_id, trouble)
    )


def _act(case_id: str, done: str, act: Callable[..., Any], *given: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), act, officer(), case_id, *given),
        lambda _: url_for("access.of_case", case_id=case_id, done=done),
        lambda trouble: _page(case_id, trouble),
    )


def _page(case_id: str, trouble: Trouble = NONE) -> str:
    session, case = db.session(), cases.get(db.session(), case_id)
    allow(officer(), "case.read", case.region, case.id)
    details = cases.opened(tools(), case)
    return render_template(
        "review/case_access.html", case=case, name=details.child.name if details else case.number,
        open=case.state in OPEN, people=opening.officers_of(session, case.region),
        hours=opening.hours_of(session, case.id), now=now(),
        names=store.names(session), trouble=trouble, form=request.form, done=request.args.get("done", ""),
        mine=case.id in officer().cases,
    )  # fmt: skip
