"""Letters between the desk and a family as JSON; they are read with their case."""

from flask import Blueprint, Response

from services.review.acting import perform
from services.review.cases import answering
from services.review.views.access import needs, officer
from services.review.views.api.answers.cases import CaseFull
from services.review.views.api.cases import one
from services.review.views.bodies import body
from services.review.views.bodies_later import Written
from services.review.views.context import tools
from shared.openapi import operation

pages = Blueprint("api_letters", __name__)


@pages.post("/cases/<id:case_id>/letters")
@needs("case.return")
@operation("Write to a family", takes=Written, gives=CaseFull)
def write(case_id: str) -> Response:
    """Only they can open it, with their tracking code; by mail they hear only that there is news."""
    given = body(Written)
    perform(tools(), answering.write, officer(), case_id, given.text, asks=given.asks)
    return one(case_id)


@pages.post("/cases/<id:case_id>/letters/<id:letter_id>/read")
@needs("case.check")
@operation("Say that a family's letter has been seen to", gives=CaseFull)
def read(case_id: str, letter_id: str) -> Response:
    """Its photos count from now on; of a registered case they are enrolled."""
    perform(tools(), answering.read, officer(), case_id, letter_id)
    return one(case_id)


@pages.post("/cases/<id:case_id>/letters/<id:letter_id>/take-over")
@needs("case.check")
@operation("Put a family's correction into the report", gives=CaseFull)
def take_over(case_id: str, letter_id: str) -> Response:
    perform(tools(), answering.take_over, officer(), case_id, letter_id)
    return one(case_id)
