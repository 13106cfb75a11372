"""How officers work on a case together, as JSON: claims, legal hold, reviews, later photos, saved views."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.cases import claiming, ending, reviewing, saved, scribing
from services.review.cases.queue import Filters
from services.review.views import report_form
from services.review.views.access import needs, officer
from services.review.views.api.answers.cases import CaseFull, Views
from services.review.views.api.cases import one
from services.review.views.bodies import Reason, View, body, multipart
from services.review.views.context import tools
from shared.openapi import Multipart, operation

pages = Blueprint("api_casework", __name__)


@pages.post("/cases/<id:case_id>/claim")
@needs("case.check")
@operation("Take a case, or keep it", takes=Reason, gives=CaseFull)
def claim(case_id: str) -> ResponseReturnValue:
    """Takes or keeps the case; a `reason` takes it over from another officer."""
    perform(tools(), claiming.claim, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/release")
@needs("case.check")
@operation("Give a case back", gives=CaseFull)
def release(case_id: str) -> ResponseReturnValue:
    perform(tools(), claiming.release, officer(), case_id)
    return one(case_id)


@pages.post("/cases/<id:case_id>/hold")
@needs("case.erase")
@operation("Hold a case by law", takes=Reason, gives=CaseFull)
def hold(case_id: str) -> ResponseReturnValue:
    perform(tools(), ending.hold, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/lift-hold")
@needs("case.erase")
@operation("Lift a legal hold", takes=Reason, gives=CaseFull)
def lift_hold(case_id: str) -> ResponseReturnValue:
    perform(tools(), ending.lift_hold, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/review")
@needs("case.register")
@operation("Review a long-missing child's case, which stays open", takes=Reason, gives=CaseFull)
def review(case_id: str) -> ResponseReturnValue:
    """The case was looked at again and stays open; `reason` says on what grounds."""
    perform(tools(), reviewing.review, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/photos")
@needs("case.check")
@operation("Add photos that came later", takes=Multipart("photos", 1, scribing.MOST_PHOTOS), gives=CaseFull)
def add_photo(case_id: str) -> ResponseReturnValue:
    """Multipart: file parts `photos`."""
    multipart(report_form.REQUEST_LIMIT)
    for picture in report_form.pictures(least=1):
        perform(tools(), scribing.add_photo, officer(), case_id, picture)
    return one(case_id)


@pages.get("/case-views")
@needs("case.read")
@operation("List one's own saved views of the queue", gives=Views)
def views() -> Response:
    """The officer's own saved views."""
    rows = saved.mine(db.session(), officer())
    return jsonify(views=[{"id": row.id, "name": row.name} | asdict(saved.filters_of(row)) for row in rows])


@pages.post("/case-views")
@needs("case.read")
@operation("Save a view of the queue", takes=View, gives=Views, status=201)
def save_view() -> ResponseReturnValue:
    given = body(View)
    wanted = Filters(given.state, given.region, given.holder, given.waiting, given.order)
    perform(tools(), saved.save, officer(), officer().id, given.name, wanted)
    return views(), 201


@pages.delete("/case-views/<id:view_id>")
@needs("case.read")
@operation("Remove a saved view", status=204)
def remove_view(view_id: str) -> ResponseReturnValue:
    perform(tools(), saved.remove, officer(), officer().id, view_id)
    return "", 204
