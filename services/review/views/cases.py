"""The list of cases, and one case: what the family said, the checks, and what to do next."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.cases import acts, claiming, ending, queue, reviewing, rules, saved, store
from services.review.cases.models import Case
from services.review.people import store as people
from services.review.people.rules import holds
from services.review.views import filters, reading, record
from services.review.views.access import needs, officer, signed_in
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("cases", __name__)

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
    return queue_page(filters.sent(request.args))


def queue_page(wanted: queue.Filters, trouble: Trouble = NONE) -> str:
    session = db.session()
    return render_template(
        "review/cases.html", found=queue.find(session, tools(), officer(), wanted, now()), wanted=wanted,
        counts=store.count_by_state(session, officer()), states=rules.TABLE, views=saved.mine(session, officer()),
        filters_of=saved.filters_of, holder=lambda case: claiming.holder(case, now()), names=people.names(session),
        due=len(store.listed(session, officer(), store.Wanted(("registered",), review_due=True))),
        trouble=trouble, done=request.args.get("done", ""),
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
    form = request.form
    return _act(case_id, "rejected", acts.reject, form.get("reject_reason", ""), form.get("reject_message", ""))


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
    others = store.listed(db.session(), officer(), store.Wanted(states=queue.WAITING, limit=BESIDE))
    return render_template(
        "review/case.html", read=read, case=read.row, details=read.details, entries=entries, others=_named(others),
        names=people.names(db.session()), holder=claiming.holder(read.row, now()),
        review_why=reviewing.why(tools(), read.row, now()), over=_is_over(read.row),
        trouble=trouble, form=request.form, done=request.args.get("done", ""),
        editable=read.row.state == "in_verification",
    )  # fmt: skip


def _checks() -> dict[str, Any]:
    """The whole checklist as the form shows it: a box that is not ticked is no."""
    return {
        name: request.form.get(name, "") if isinstance(getattr(rules.Checks(), name), str) else name in request.form
        for name in rules.CHECKLIST
    }


def _is_over(row: Case) -> bool:
    """Whether the time in which a case can be reopened is over: the law alone keeps it."""
    return row.closed_at is not None and now() - row.closed_at > rules.KEPT_AFTER_CLOSING


def _named(rows: Any) -> list[tuple[Case, str | None]]:
    """Each case with its child's name, None once it is erased."""
    opened = [(row, store.opened(tools(), row)) for row in rows]
    return [(row, details.child.name if details else None) for row, details in opened]
