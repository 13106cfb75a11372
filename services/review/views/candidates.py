"""Sightings, and the candidates that came of them: two faces side by side, and one officer's own decision."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.review import photos
from services.review.acting import perform
from services.review.base import db
from services.review.candidates import acts, checklist, following, opinions, rules, store
from services.review.candidates.acts import Opinion
from services.review.candidates.aligning import straightened
from services.review.candidates.models import Candidate
from services.review.candidates.schemas import FEATURES
from services.review.cases import store as cases
from services.review.people import store as people
from services.review.people.rules import may
from services.review.views import comparing, likelihood, reading
from services.review.views.access import needs, officer
from services.review.views.context import aligner, tools
from services.review.views.trying import NONE, Trouble, attempt
from shared.errors import NotAllowed

pages = Blueprint("candidates", __name__)


@pages.app_context_processor
def _words() -> dict[str, Any]:
    """For every page that names candidates: the matcher's word if it may be shown, and what waits for this officer."""
    return {"band": likelihood.band, "for_you": _for_you}


@pages.get("/sightings")
@needs("sighting.read")
def sightings() -> str:
    rows = store.sightings(db.session(), officer())
    return render_template("review/sightings.html", rows=[reading.sighting(row) for row in rows])


@pages.get("/candidates")
@needs("candidate.read")
def listed() -> str:
    """`?state=`: `mine` (what this officer is still to decide), `undecided`, `all`, or a state."""
    state = request.args.get("state", "mine")
    known = {"all": None, "mine": rules.UNDECIDED, "undecided": rules.UNDECIDED}
    wanted = known.get(state, (state,) if state in rules.TABLE else ())
    lines = [_line(row) for row in store.listed(db.session(), officer(), wanted)]
    if state == "mine":
        lines = [line for line in lines if line[3] != "decided" and _decides(line[0])]
    to_tell = [_line(row) for row in _for_you()]
    return render_template("review/candidates.html", rows=lines, state=state, states=rules.TABLE, to_tell=to_tell)


@pages.get("/candidates/<id:candidate_id>")
@needs("candidate.read")
def one(candidate_id: str) -> str:
    return _page(candidate_id)


@pages.get("/candidates/<id:candidate_id>/faces/<id:photo_id>")
@needs("photo.read")
def face(candidate_id: str, photo_id: str) -> Response:
    """A face of either side, straightened: its eyes are where those of every other one are."""
    row, photo = comparing.photo_of(candidate_id, photo_id)
    data = photos.for_officer(db.session(), tools(), officer(), photo.id)
    eyes = aligner().eyes(photo.id, comparing.face_of(row, photo), lambda: data)
    if eyes is None:
        raise NotAllowed("not_found", "no eyes are found in the photo")
    response = Response(straightened(data, eyes), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/candidates/<id:candidate_id>/judgement")
@needs("candidate.decide")
def judge(candidate_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), acts.judge, officer(), candidate_id, _opinion()),
        lambda _: url_for("candidates.one", candidate_id=candidate_id, done="judged", _anchor="word"),
        lambda trouble: _page(candidate_id, trouble),
    )


@pages.post("/candidates/<id:candidate_id>/decisions")
@needs("candidate.decide")
def decide(candidate_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), acts.decide, officer(), candidate_id, _opinion()),
        lambda _: url_for("candidates.one", candidate_id=candidate_id, done="decided"),
        lambda trouble: _page(candidate_id, trouble),
    )


@pages.post("/candidates/<id:candidate_id>/follow-up")
@needs("candidate.decide")
def follow_up(candidate_id: str) -> ResponseReturnValue:
    given = request.form.getlist("choices"), request.form.get("liaison", "")
    return attempt(
        lambda: perform(tools(), following.follow_up, officer(), candidate_id, *given),
        lambda _: url_for("candidates.one", candidate_id=candidate_id, done="followed", _anchor="follow"),
        lambda trouble: _page(candidate_id, trouble),
    )


@pages.post("/candidates/<id:candidate_id>/told")
@needs("case.check")
def told(candidate_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), following.told, officer(), candidate_id),
        lambda _: url_for("candidates.one", candidate_id=candidate_id, done="told", _anchor="follow"),
        lambda trouble: _page(candidate_id, trouble),
    )


def _opinion() -> Opinion:
    form = request.form
    given = {name: form[f"feature.{name}"] for name in checklist.CLASSES if form.get(f"feature.{name}")}
    features = FEATURES.load(given) if given else None
    revision = form.get("revision", type=int)
    return Opinion(form.get("outcome", ""), form.get("note", ""), form.get("reason", ""), features, revision)


def _page(candidate_id: str, trouble: Trouble = NONE) -> str:
    read = reading.candidate(candidate_id)
    mine, theirs = comparing.sides(read, request.args.get("photo"))
    others, elsewhere = comparing.others(read)
    way = comparing.way(read)
    features = _features(read, request.form)
    return render_template(
        "review/candidate.html", read=read, mine=mine, theirs=theirs, others=others, elsewhere=elsewhere,
        of_case=[row for row in read.case.candidates if row.id != candidate_id and row.search_id != read.row.search_id],
        way=way, map=comparing.map_of(read, way) if way else None, times=comparing.times(read), comparing=comparing,
        likelihood=likelihood, checklist=checklist, features=features, names=people.names(db.session()),
        trouble=trouble, form=request.form, done=request.args.get("done", ""), outcomes=rules.OUTCOMES,
        reasons=rules.REASONS, follow=following.of(db.session(), candidate_id),
        liaisons=following.liaisons(db.session(), read.case.row) if read.row.state == "confirmed" else [],
        decided_features={row.id: opinions.features_of(db.session(), tools(), row) for row, _ in read.decisions},
        judged={row.officer: row for row in opinions.judgements(db.session(), candidate_id).values()},
    )  # fmt: skip


def _features(read: reading.CandidateRead, form: Mapping[str, str]) -> checklist.Features:
    """What the checklist shows: as it was sent, or as this officer judged before."""
    given = {name: form[f"feature.{name}"] for name in checklist.CLASSES if form.get(f"feature.{name}")}
    if given:
        try:
            return FEATURES.load(given)  # type: ignore[no-any-return]
        except ValidationError:
            return checklist.Features()
    return opinions.features_of(db.session(), tools(), read.judgement) if read.judgement else checklist.Features()


def _line(row: Candidate) -> tuple[Candidate, str, str | None, str]:
    """A candidate with its case's number, the child's name, and how far this officer is with it."""
    case = cases.get(db.session(), row.case_id)
    details = cases.opened(tools(), case)
    decided = any(made.officer == officer().id for made in opinions.decisions(db.session(), row.id))
    judged = opinions.judgement_of(db.session(), row.id, officer().id) is not None
    far = "decided" if decided else "judged" if judged else "nothing"
    return row, case.number, details.child.name if details else None, far


def _decides(row: Candidate) -> bool:
    """Whether it is this officer's to decide, by role and jurisdiction."""
    act = "candidate.settle" if row.state == "disputed" else "candidate.decide"
    return may(officer(), act, cases.get(db.session(), row.case_id).region)


def _for_you() -> list[Candidate]:
    """Confirmed matches of which this officer is asked to tell the family."""
    if "for_you" not in g:
        someone = g.get("officer")
        g.for_you = list(following.waiting_for(db.session(), someone.id)) if someone else []
    return g.for_you  # type: ignore[no-any-return]
