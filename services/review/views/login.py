"""Logging in and out, as pages."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import words
from services.review.views.access import inside, public, signed_in
from services.review.views.cookies import enter, leave
from shared.errors import NotAllowed
from shared.http import Problem

pages = Blueprint("login", __name__)


@pages.get("/login")
@public
def ask() -> str:
    return _page()


@pages.post("/login")
@public
def log_in() -> ResponseReturnValue:
    try:
        _, keep = enter(request.form.get("name", ""), request.form.get("password", ""))
    except NotAllowed as refusal:
        return _page(words.reason(refusal.reason)), 401
    except Problem as problem:
        return _page(problem.detail), problem.status, problem.headers
    return keep(make_response(redirect(inside(request.form.get("next")), 303)))


@pages.post("/logout")
@signed_in
def log_out() -> ResponseReturnValue:
    return leave(make_response(redirect(url_for("login.ask"), 303)))


def _page(fault: str = "") -> str:
    asked = request.values
    return render_template(
        "review/login.html", fault=fault, name=asked.get("name", ""), next=inside(asked.get("next")),
        ended=asked.get("ended") == "1",
    )  # fmt: skip
