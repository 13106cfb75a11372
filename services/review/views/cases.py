"""The list of cases, and one case: what the family said, the checks, and what to do next."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.cases import acts, ending, rules, store
from services.review.cases.models import Case
from services.review.people.rules import holds
from services.review.views import reading, record
from services.review.views.access import needs, officer, signed_in
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("cases", __name__)

WAITING = ("submitted", "in_verification")
BESIDE = 30


@pages.get("/")
@signed_in
def first() -> ResponseReturnValue:
    """Where an officer's work is."""
    places = (("case.read", "cases.listed"), ("people.read", "people.listed"), ("audit.read", "audit.latest"))
    place = next((endpoint for act, endpoint in places if holds(officer(), act)), "cases.listed")
    return redirect(url_for(place))


@pages.get("/cases")
@needs("case.read")
def listed() -> str:
    state, hours = request.args.get("state", "waiting"), request.args.get("waiting", type=int)
    number = request.args.get("number", "").strip()
    wanted = store.Wanted(
        states=None if number else _states(state),
        opened_before=now() - timedelta(hours=min(hours, 10_000)) if hours and hours > 0 else None,
        number=number,
    )
    rows = store.listed(db.session(), officer(), wanted)
    return render_template(
        "review/cases.html", rows=_named(rows), state=state, waiting=hours, number=number, limit=wanted.limit,
        counts=store.count_by_state(db.session(), officer()), states=rules.TABLE,
    )  # fmt: skip


@pages.get("/cases/<id:case_id>")
@needs("case.read")
def one(case_id: str) -> str:
    return show(case_id)


@pages.post("/cases/<id:case_id>/start")
@needs("case.start")
def start(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "started", acts.start_verification)


@pages.post("/cases/<id:case_id>/checklist")
@needs("case.check")
def checklist(case_id: str) -> ResponseReturnValue:
    """Saves the checklist; with the button `register` it then registers the case, where the checks allow."""
    checks = _checks()
    if request.form.get("then") != "register":
        return _act(case_id, "checked", acts.record_check, checks)

    def both() -> None:
        perform(tools(), acts.record_check, officer(), case_id, checks)
        perform(tools(), acts.register, officer(), case_id)

    return _attempt(case_id, "registered", both)


@pages.post("/cases/<id:case_id>/return")
@needs("case.return")
def give_back(case_id: str) -> ResponseReturnValue:
    form = request.form
    return _act(
        case_id, "returned", acts.return_to_family, form.get("return_reason", ""), form.get("return_message", "")
    )


@pages.post("/cases/<id:case_id>/reject")
@needs("case.reject")
def reject(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "rejected", acts.reject, request.form.get("reject_reason", ""))


@pages.post("/cases/<id:case_id>/close")
@needs("case.close")
def close(case_id: str) -> ResponseReturnValue:
    form = request.form
    return _act(case_id, "closed", ending.close, form.get("close_reason", ""), form.get("outcome_text", ""))


@pages.post("/cases/<id:case_id>/withdraw")
@needs("case.withdraw")
def withdraw(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "withdrawn", ending.withdraw, request.form.get("withdraw_reason", ""))


@pages.post("/cases/<id:case_id>/reopen")
@needs("case.reopen")
def reopen(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "reopened", ending.reopen)


def _act(case_id: str, done: str, act: Callable[..., Any], *given: Any) -> ResponseReturnValue:
    return _attempt(case_id, done, lambda: perform(tools(), act, officer(), case_id, *given))


def _attempt(case_id: str, done: str, act: Callable[[], Any]) -> ResponseReturnValue:
    return attempt(
        act, lambda _: url_for("cases.one", case_id=case_id, done=done), lambda trouble: show(case_id, trouble)
    )


def show(case_id: str, trouble: Trouble = NONE) -> str:
    read = reading.case(case_id)
    entries = record.about_case(officer(), read.row, [draft.id for draft in read.drafts])
    others = store.listed(db.session(), officer(), store.Wanted(states=WAITING, limit=BESIDE))
    return render_template(
        "review/case.html", read=read, case=read.row, details=read.details, entries=entries, others=_named(others),
        trouble=trouble, form=request.form, done=request.args.get("done", ""),
        editable=read.row.state == "in_verification",
    )  # fmt: skip


def _checks() -> dict[str, Any]:
    """The whole checklist as the form shows it: a box that is not ticked is no."""
    return {
        name: request.form.get(name, "") if isinstance(getattr(rules.Checks(), name), str) else name in request.form
        for name in rules.CHECKLIST
    }


def _states(state: str) -> tuple[str, ...] | None:
    if state == "all":
        return None
    return (state,) if state in rules.TABLE else WAITING


def _named(rows: Any) -> list[tuple[Case, str | None]]:
    """Each case with its child's name, None once it is erased."""
    opened = [(row, store.opened(tools(), row)) for row in rows]
    return [(row, details.child.name if details else None) for row, details in opened]
