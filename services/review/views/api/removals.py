"""Requests for removal as JSON: those that wait, one of them, and its answer."""

from flask import Blueprint, Response, jsonify

from services.review.acting import perform
from services.review.base import db
from services.review.removals import acts, store
from services.review.views import removals, shapes_later
from services.review.views.access import needs, officer
from services.review.views.api.answers.removals import RemovalFull, Removals
from services.review.views.bodies import body
from services.review.views.bodies_later import Answered
from services.review.views.context import tools
from shared.openapi import operation

pages = Blueprint("api_removals", __name__)


@pages.get("/removals")
@needs("case.read")
@operation("List requests for removal", gives=Removals)
def listed() -> Response:
    waiting, answered = store.waiting(db.session(), officer()), store.answered(db.session(), officer())
    lines = shapes_later.removal_line
    return jsonify(open=[lines(row) for row in waiting], answered=[lines(row) for row in answered])


@pages.get("/removals/<id:removal_id>")
@needs("case.read")
@operation("Read a request for removal", gives=RemovalFull)
def one(removal_id: str) -> Response:
    return jsonify(shapes_later.removal(removals.read(removal_id)))


@pages.post("/removals/<id:removal_id>/answer")
@needs("removal.answer")
@operation("Answer a request for removal", takes=Answered, gives=RemovalFull)
def answer(removal_id: str) -> Response:
    """Taking something away is an act of its own: do it before."""
    given = body(Answered)
    perform(tools(), acts.answer, officer(), removal_id, given.outcome, given.message)
    return one(removal_id)
