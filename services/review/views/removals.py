"""Requests for removal: those that wait, by their deadline; one of them, with what it is about and the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from services.review.acting import allow, perform
from services.review.base import db
from services.review.cases.models import Case
from services.review.drafts.models import Draft
from services.review.people import store as people
from services.review.people.rules import may
from services.review.removals import acts, store
from services.review.removals.models import Removal
from services.review.removals.schemas import RemovalDetails
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("removals", __name__)


@pages.get("/removals")
@needs("case.read")
def listed() -> str:
    session = db.session()
    return render_template(
        "review/removals.html", open=store.waiting(session, officer()), answered=store.answered(session, officer()),
        names=people.names(session), now=now(),
    )  # fmt: skip


@pages.get("/removals/<id:removal_id>")
@needs("case.read")
def one(removal_id: str) -> str:
    return _page(removal_id)


@pages.post("/removals/<id:removal_id>/answer")
@needs("removal.answer")
def answer(removal_id: str) -> ResponseReturnValue:
    form = request.form
    given = form.get("outcome", ""), form.get("answer_text", "")
    return attempt(
        lambda: perform(tools(), acts.answer, officer(), removal_id, *given),
        lambda _: url_for("removals.one", removal_id=removal_id, done="answered"),
        lambda trouble: _page(removal_id, trouble),
    )


@pages.app_template_global("removals_waiting")
def waiting() -> Sequence[Removal]:
    return store.waiting(db.session(), officer())


@pages.app_template_global("removals_of")
def of_case(case_id: str) -> Sequence[Removal]:
    return store.of_case(db.session(), case_id)


@dataclass(frozen=True)
class RemovalRead:
    """A request as an officer reads it; `details` are None once it is erased. `case` and `draft`, the newest version of
    the alert, are what it is about, where that is known and theirs to read."""

    row: Removal
    details: RemovalDetails | None
    case: Case | None
    draft: Draft | None


def read(removal_id: str) -> RemovalRead:
    """Raises NotAllowed("not_found", "not_permitted")."""
    session, row = db.session(), store.get(db.session(), removal_id)
    allow(officer(), "case.read", row.region, row.case_id)
    case = session.get(Case, row.case_id) if row.case_id else None
    if case and not may(officer(), "case.read", case.region, case.id):
        case = None  # it was transferred meanwhile
    draft = None
    if case and row.alert_id:
        newest = select(Draft).where(Draft.alert_id == row.alert_id).order_by(Draft.version.desc()).limit(1)
        draft = session.scalar(newest)
    return RemovalRead(row, store.opened(tools(), row), case, draft)


def _page(removal_id: str, trouble: Trouble = NONE) -> str:
    found = read(removal_id)
    return render_template(
        "review/removal.html", row=found.row, details=found.details, case=found.case, draft=found.draft,
        names=people.names(db.session()), trouble=trouble, form=request.form, done=request.args.get("done", ""),
        now=now(),
    )  # fmt: skip
