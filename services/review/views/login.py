"""Logging in by name and password, and out, as pages."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import words
from services.review.people import agency
from services.review.people.entry import Entered
from services.review.views.access import identity, inside, password_given, public
from services.review.views.context import tools
from services.review.views.cookies import enter, keep, leave
from shared.errors import NotAllowed
from shared.http import Problem

pages = Blueprint("login", __name__)


@pages.get("/login")
@public
def ask() -> str:
    return page()


@pages.post("/login")
@public
def log_in() -> ResponseReturnValue:
    try:
        entered = enter(request.form.get("name", ""), request.form.get("password", ""))
    except NotAllowed as refusal:
        return page(words.reason(refusal.reason)), 401
    except Problem as problem:
        return page(problem.detail), problem.status, problem.headers
    return onward(entered, inside(request.form.get("next")))


def onward(entered: Entered, target: str) -> Response:
    """Where a new log-in goes: to the second factor, or to the page that was asked for."""
    address = url_for("factor.ask", next=target) if entered.half else target
    return keep(make_response(redirect(address, 303)), entered.token)


@pages.post("/logout")
@password_given
def log_out() -> ResponseReturnValue:
    response = make_response(redirect(url_for("login.ask"), 303))
    return leave(response, identity().token, str(identity().officer_id))


def page(fault: str = "") -> str:
    asked, settings = request.values, tools().room.settings
    return render_template(
        "review/login.html", fault=fault, name=asked.get("name", ""), next=inside(asked.get("next")),
        ended=asked.get("ended") == "1", agency=agency.is_set(settings), agency_name=settings.oidc_name,
    )  # fmt: skip
