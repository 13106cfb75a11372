"""Sightings, and the candidates that came of them: two photographs side by side, and one officer's own decision."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.candidates import acts, rules, store
from services.review.candidates.models import Candidate
from services.review.cases import store as cases
from services.review.people import store as people
from services.review.views import reading
from services.review.views.access import needs, officer
from services.review.views.context import tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("candidates", __name__)


@pages.get("/sightings")
@needs("sighting.read")
def sightings() -> str:
    rows = store.sightings(db.session(), officer())
    return render_template("review/sightings.html", rows=[reading.sighting(row) for row in rows])


@pages.get("/candidates")
@needs("candidate.read")
def listed() -> str:
    state = request.args.get("state", "undecided")
    states = {"all": None, "undecided": rules.UNDECIDED}.get(state, (state,) if state in rules.TABLE else ())
    rows = store.listed(db.session(), officer(), states)
    return render_template("review/candidates.html", rows=[_line(row) for row in rows], state=state, states=rules.TABLE)


@pages.get("/candidates/<id:candidate_id>")
@needs("candidate.read")
def one(candidate_id: str) -> str:
    return _page(candidate_id)


@pages.post("/candidates/<id:candidate_id>/decisions")
@needs("candidate.decide")
def decide(candidate_id: str) -> ResponseReturnValue:
    outcome, note = request.form.get("outcome", ""), request.form.get("note", "")
    return attempt(
        lambda: perform(tools(), acts.decide, officer(), candidate_id, outcome, note),
        lambda _: url_for("candidates.one", candidate_id=candidate_id, done="decided"),
        lambda trouble: _page(candidate_id, trouble),
    )


def _page(candidate_id: str, trouble: Trouble = NONE) -> str:
    read = reading.candidate(candidate_id)
    others = [row for row in read.case.candidates if row.id != candidate_id]
    return render_template(
        "review/candidate.html", read=read, others=others, names=people.names(db.session()), trouble=trouble,
        form=request.form, done=request.args.get("done", ""), outcomes=rules.OUTCOMES,
    )  # fmt: skip


def _line(row: Candidate) -> tuple[Candidate, str, str | None, bool]:
    """A candidate with its case's number, the child's name, and whether this officer has decided on it."""
    case = cases.get(db.session(), row.case_id)
    details = cases.opened(tools(), case)
    decided = any(made.officer == officer().id for made in store.decisions(db.session(), row.id))
    return row, case.number, details.child.name if details else None, decided
