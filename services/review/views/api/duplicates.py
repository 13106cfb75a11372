"""Likely duplicates as JSON: what stands beside a case, two cases side by side, merged or declared distinct."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from services.review.acting import perform
from services.review.cases import face_check, merging
from services.review.subjects import Subject
from services.review.views import alike, audit_reads, duplicates, reading, shapes_later
from services.review.views.access import needs, officer
from services.review.views.api.answers.alike import AlikeSaid, BesideSaid
from services.review.views.api.answers.cases import CaseFull
from services.review.views.api.cases import one
from services.review.views.bodies import Reason, body
from services.review.views.bodies_later import Compared
from services.review.views.context import tools
from shared.openapi import operation

pages = Blueprint("api_duplicates", __name__)


@pages.get("/cases/<id:case_id>/alike")
@needs("case.read")
@operation("List the cases that are perhaps of the same child", gives=AlikeSaid)
def listed(case_id: str) -> Response:
    return jsonify(shapes_later.beside_case(alike.of(reading.case(case_id))))


@pages.get("/cases/<id:case_id>/beside/<id:other_id>")
@needs("case.read")
@operation("Read two cases side by side", gives=BesideSaid, problems=[409])
def beside(case_id: str, other_id: str) -> Response:
    audit_reads.also(Subject("case", other_id))
    return _beside(case_id, other_id)


@pages.post("/cases/<id:case_id>/beside/<id:other_id>/distinct")
@needs("case.check")
@operation("Declare that two cases are of two children", takes=Compared, gives=BesideSaid)
def distinct(case_id: str, other_id: str) -> Response:
    given = body(Compared)
    return _done(case_id, other_id, merging.declare_distinct, given.reason, given.seen)


@pages.post("/cases/<id:case_id>/beside/<id:other_id>/doubt")
@needs("case.check")
@operation("Doubt that two cases are of two children", takes=Reason, gives=BesideSaid)
def doubt(case_id: str, other_id: str) -> Response:
    return _done(case_id, other_id, merging.doubt_again, body(Reason).reason)


@pages.post("/cases/<id:case_id>/beside/<id:other_id>/merge")
@needs("case.merge")
@operation("Make the first case part of the other one, which is kept", takes=Compared, gives=CaseFull)
def merge(case_id: str, other_id: str) -> Response:
    """Answers with the case that is kept."""
    given = body(Compared)
    perform(tools(), merging.merge, officer(), case_id, other_id, given.reason, given.seen)
    return one(other_id)


@pages.post("/cases/<id:case_id>/unmerge")
@needs("case.merge")
@operation("Take a merged case out again", takes=Reason, gives=CaseFull)
def unmerge(case_id: str) -> Response:
    perform(tools(), merging.unmerge, officer(), case_id, body(Reason).reason)
    return one(case_id)


@pages.post("/cases/<id:case_id>/compare-faces")
@needs("photo.search")
@operation("Have a case's photos compared with the registered children, for a duplicate", gives=AlikeSaid)
def faces(case_id: str) -> Response:
    """Through the privacy gate; what is found stands beside the case a little later."""
    perform(tools(), face_check.ask, officer(), case_id)
    return listed(case_id)


def _done(case_id: str, other_id: str, act: Callable[..., None], *given: Any) -> Response:
    perform(tools(), act, officer(), case_id, other_id, *given)
    return _beside(case_id, other_id)


def _beside(case_id: str, other_id: str) -> Response:
    return jsonify(shapes_later.beside(duplicates.read(case_id, other_id)))
