"""POST logs in, GET tells who is logged in, DELETE logs out."""

from flask import Blueprint, Response, jsonify

from services.review.views import shapes
from services.review.views.access import officer, public, signed_in
from services.review.views.bodies import LogIn, body
from services.review.views.cookies import enter, leave

pages = Blueprint("api_session", __name__)


@pages.post("/session")
@public
def log_in() -> Response:
    given = body(LogIn)
    actor, keep = enter(given.name, given.password)
    return keep(jsonify(officer=shapes.officer(actor)))


@pages.get("/session")
@signed_in
def who() -> Response:
    return jsonify(officer=shapes.officer(officer()))


@pages.delete("/session")
@signed_in
def log_out() -> Response:
    return leave(Response(status=204))
