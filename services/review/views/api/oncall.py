"""The on-call list and its last pages as JSON."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.oncall import acts
from services.review.views.access import needs, officer
from services.review.views.api.answers.oncall import OnCallList
from services.review.views.bodies import OnCallEntry, body
from services.review.views.context import tools
from services.review.views.oncall import Paged, latest
from services.review.views.shapes import Json, time
from shared.openapi import operation

pages = Blueprint("api_oncall", __name__)


@pages.get("/on-call")
@needs("oncall.keep")
@operation("List who is on call, and the last pages", gives=OnCallList)
def listed() -> Response:
    rows = acts.listed(db.session(), officer())
    people = [{"id": row.id, "name": row.name, "address": row.address, "region": row.region} for row in rows]
    return jsonify(on_call=people, pages=[_paged(each) for each in latest()])


@pages.post("/on-call")
@needs("oncall.keep")
@operation("Put somebody on call", takes=OnCallEntry, gives=OnCallList, status=201)
def add() -> ResponseReturnValue:
    given = body(OnCallEntry)
    perform(tools(), acts.add, officer(), "new", given.name, given.address, given.region)
    return listed(), 201


@pages.delete("/on-call/<id:on_call_id>")
@needs("oncall.keep")
@operation("Take somebody off the list", status=204)
def remove(on_call_id: str) -> ResponseReturnValue:
    perform(tools(), acts.remove, officer(), on_call_id)
    return "", 204


def _paged(each: Paged) -> Json:
    calls = [{"name": person.name, "state": call.state, "fault": call.fault} for call, person in each.calls]
    page = each.page
    return {"why": page.why, "subject_id": page.subject_id, "region": page.region, "at": time(page.made_at)} | {
        "calls": calls
    }
