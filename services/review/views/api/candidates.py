"""Sightings and the candidates that came of them; each officer's own decision."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from services.review import marking
from services.review.acting import perform
from services.review.base import db
from services.review.candidates import acts, following, rules, store
from services.review.views import reading, shapes
from services.review.views.access import needs, officer
from services.review.views.api.answers.candidates import CandidateFull, Candidates, Sightings
from services.review.views.api.answers.photos import PhotoLine
from services.review.views.api.asked import CandidateStates
from services.review.views.bodies import Decision, FollowUp, Judgement, Marks, body
from services.review.views.context import tools
from shared.openapi import operation

pages = Blueprint("api_candidates", __name__)


@pages.get("/sightings")
@needs("sighting.read")
@operation("List the sightings of one's regions", gives=Sightings)
def sightings() -> Response:
    rows = store.sightings(db.session(), officer())
    return jsonify(sightings=[shapes.sighting(reading.sighting(row)) for row in rows])


@pages.post("/photos/<id:photo_id>/faces")
@needs("photo.mark")
@operation("Mark the faces that are to be compared", takes=Marks, gives=PhotoLine)
def mark(photo_id: str) -> Response:
    """Marks the faces of a sighting's photo, or the one child in a case's, that are to be compared."""
    given = body(Marks)
    perform(tools(), marking.mark, officer(), photo_id, given.faces, given.age)
    return jsonify(shapes.photo(reading.photo(photo_id).row))


@pages.get("/candidates")
@needs("candidate.read")
@operation("List candidates", gives=Candidates, asks=CandidateStates)
def listed() -> Response:
    states = [state for state in request.args.getlist("state") if state in rules.TABLE] or None
    rows = store.listed(db.session(), officer(), states)
    return jsonify(candidates=[shapes.candidate_line(row) for row in rows])


@pages.get("/candidates/<id:candidate_id>")
@needs("candidate.read")
@operation("Read a candidate", gives=CandidateFull)
def one(candidate_id: str) -> Response:
    return jsonify(shapes.candidate(reading.candidate(candidate_id)))


@pages.post("/candidates/<id:candidate_id>/decisions")
@needs("candidate.decide")
@operation("Decide on a candidate", takes=Decision, gives=CandidateFull)
def decide(candidate_id: str) -> ResponseReturnValue:
    perform(tools(), acts.decide, officer(), candidate_id, body(Decision).opinion())
    return one(candidate_id)


@pages.post("/candidates/<id:candidate_id>/judgement")
@needs("candidate.decide")
@operation("Judge the faces alone, before the matcher's word is shown", takes=Judgement, gives=CandidateFull)
def judge(candidate_id: str) -> ResponseReturnValue:
    perform(tools(), acts.judge, officer(), candidate_id, body(Judgement).opinion())
    return one(candidate_id)


@pages.post("/candidates/<id:candidate_id>/follow-up")
@needs("candidate.decide")
@operation("Choose what a confirmed match sets off", takes=FollowUp, gives=CandidateFull)
def follow_up(candidate_id: str) -> ResponseReturnValue:
    given = body(FollowUp)
    perform(tools(), following.follow_up, officer(), candidate_id, given.choices, given.liaison)
    return one(candidate_id)


@pages.post("/candidates/<id:candidate_id>/told")
@needs("case.check")
@operation("Say that the family has been told", gives=CandidateFull)
def told(candidate_id: str) -> ResponseReturnValue:
    """The liaison officer has spoken with the family."""
    perform(tools(), following.told, officer(), candidate_id)
    return one(candidate_id)
