"""POST logs in, GET tells who is logged in, DELETE logs out; POST to /factor shows the second factor again."""

from flask import Blueprint, Response, g, jsonify

from services.review.people import entry
from services.review.views import access_stepup, shapes
from services.review.views.access import identity, officer, public, signed_in
from services.review.views.access_identity import by_cookie
from services.review.views.api.answers.people import LoggedIn
from services.review.views.bodies import Code, LogIn, body
from services.review.views.context import tools
from services.review.views.cookies import enter, keep, leave
from shared.errors import NotAllowed
from shared.openapi import operation

pages = Blueprint("api_session", __name__)


@pages.post("/session")
@public
@operation("Log in", takes=LogIn, gives=LoggedIn, problems=[401, 429])
def log_in() -> Response:
    """Where a second factor is needed, `code` is a time code or a recovery code; without it there is no log-in."""
    given = body(LogIn)
    entered = enter(given.name, given.password)
    g.identity = by_cookie(entered.token)
    token = entered.token
    if entered.half:
        token = _whole(token, given.code)
        g.identity = by_cookie(token)
    if g.identity.actor is None:
        raise NotAllowed("wrong_name_or_password")  # disabled this very moment
    return keep(jsonify(officer=shapes.officer(g.identity.actor)), token)


def _whole(token: str, code: str) -> str:
    try:
        if not code:
            raise NotAllowed("factor_missing")
        return access_stepup.take(code, "")
    except Exception:
        entry.log_out(tools(), token, str(g.identity.officer_id))
        raise


@pages.post("/session/factor")
@signed_in
@operation("Show the second factor again", takes=Code, gives=LoggedIn, problems=[429])
def show_factor() -> Response:
    """Shows the second factor again, for the decisions of the next ten minutes."""
    token = access_stepup.take(body(Code).code, "")
    return keep(jsonify(officer=shapes.officer(officer())), token)


@pages.get("/session")
@signed_in
@operation("Tell who is logged in", gives=LoggedIn)
def who() -> Response:
    return jsonify(officer=shapes.officer(officer()))


@pages.delete("/session")
@signed_in
@operation("Log out", status=204)
def log_out() -> Response:
    return leave(Response(status=204), identity().token, officer().id)
