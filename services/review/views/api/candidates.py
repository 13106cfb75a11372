"""Sightings and the candidates that came of them; each officer's own decision."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from services.review import marking
from services.review.acting import perform
from services.review.base import db
from services.review.candidates import acts, following, rules, store
from services.review.views import reading, shapes
from services.review.views.access import needs, officer
from services.review.views.bodies import Decision, FollowUp, Judgement, Marks, body
from services.review.views.context import tools

pages = Blueprint("api_candidates", __name__)


@pages.get("/sightings")
@needs("sighting.read")
def sightings() -> Response:
    rows = store.sightings(db.session(), officer())
    return jsonify(sightings=[shapes.sighting(reading.sighting(row)) for row in rows])


@pages.post("/photos/<id:photo_id>/faces")
@needs("photo.mark")
def mark(photo_id: str) -> Response:
    """Marks the faces of a sighting's photo, or the one child in a case's, that are to be compared."""
    given = body(Marks)
    perform(tools(), marking.mark, officer(), photo_id, given.faces, given.age)
    return jsonify(shapes.photo(reading.photo(photo_id).row))


@pages.get("/candidates")
@needs("candidate.read")
def listed() -> Response:
    states = [state for state in request.args.getlist("state") if state in rules.TABLE] or None
    rows = store.listed(db.session(), officer(), states)
    return jsonify(candidates=[shapes.candidate_line(row) for row in rows])


@pages.get("/candidates/<id:candidate_id>")
@needs("candidate.read")
def one(candidate_id: str) -> Response:
    return jsonify(shapes.candidate(reading.candidate(candidate_id)))


@pages.post("/candidates/<id:candidate_id>/decisions")
@needs("candidate.decide")
def decide(candidate_id: str) -> ResponseReturnValue:
    perform(tools(), acts.decide, officer(), candidate_id, body(Decision).opinion())
    return one(candidate_id)


@pages.post("/candidates/<id:candidate_id>/judgement")
@needs("candidate.decide")
def judge(candidate_id: str) -> ResponseReturnValue:
    perform(tools(), acts.judge, officer(), candidate_id, body(Judgement).opinion())
    return one(candidate_id)


@pages.post("/candidates/<id:candidate_id>/follow-up")
@needs("candidate.decide")
def follow_up(candidate_id: str) -> ResponseReturnValue:
    given = body(FollowUp)
    perform(tools(), following.follow_up, officer(), candidate_id, given.choices, given.liaison)
    return one(candidate_id)


@pages.post("/candidates/<id:candidate_id>/told")
@needs("case.check")
def told(candidate_id: str) -> ResponseReturnValue:
    """The liaison officer has spoken with the family."""
    perform(tools(), following.told, officer(), candidate_id)
    return one(candidate_id)
