"""Who may see a case as JSON: an hour for an officer from elsewhere, and its transfer."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.acting import allow, perform
from services.review.base import db
from services.review.cases import store as cases
from services.review.people import opening, store
from services.review.views import shapes, shapes_people
from services.review.views.access import needs, officer
from services.review.views.api.answers.cases import Place
from services.review.views.api.answers.people import Hours, Readers
from services.review.views.bodies import Hour, Transfer, body
from services.review.views.context import tools
from shared.openapi import operation

pages = Blueprint("api_access", __name__)


@pages.get("/cases/<id:case_id>/access")
@needs("case.read")
@operation("List who may see a case", gives=Readers)
def of_case(case_id: str) -> Response:
    case = cases.get(db.session(), case_id)
    allow(officer(), "case.read", case.region, case.id)
    readers = opening.officers_of(db.session(), case.region)
    return jsonify(officers=shapes_people.officers(readers), hours=_hours(case_id))


@pages.post("/cases/<id:case_id>/hours")
@needs("access.grant")
@operation("Open a case to an officer from elsewhere, for an hour", takes=Hour, gives=Hours, status=201)
def grant_hour(case_id: str) -> ResponseReturnValue:
    given = body(Hour)
    perform(tools(), opening.grant_hour, officer(), case_id, given.officer, given.reason)
    return jsonify(hours=_hours(case_id)), 201


@pages.delete("/cases/<id:case_id>/hours/<id:hour_id>")
@needs("access.grant")
@operation("End an hour before its time", status=204)
def end_hour(case_id: str, hour_id: str) -> ResponseReturnValue:
    perform(tools(), opening.end_hour, officer(), case_id, hour_id)
    return "", 204


@pages.post("/cases/<id:case_id>/transfer")
@needs("case.transfer")
@operation("Transfer a case to another region", takes=Transfer, gives=Place)
def transfer(case_id: str) -> ResponseReturnValue:
    """Afterwards the case may be out of one's own sight."""
    given = body(Transfer)
    perform(tools(), opening.transfer, officer(), case_id, given.region, given.reason)
    return jsonify(id=case_id, region=cases.get(db.session(), case_id).region)


def _hours(case_id: str) -> list[shapes.Json]:
    names = store.names(db.session())
    return [shapes.hour(row, names) for row in opening.hours_of(db.session(), case_id)]
