"""The people of the desk: who may do what where, for administrators."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.cases import renewal
from services.review.people import acts, store
from services.review.people.rules import ROLES
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("people", __name__)


@pages.get("/people")
@needs("people.read")
def listed() -> str:
    return _page()


@pages.post("/people")
@needs("people.write")
def add() -> ResponseReturnValue:
    form = request.form
    regions = form.get("regions", "").upper().replace(",", " ").split()
    given = (form.get("name", ""), form.get("password", ""), form.getlist("roles"), regions)
    return _attempt("added", lambda: perform(tools(), acts.add, officer(), "new", *given))


@pages.post("/people/disable")
@needs("people.write")
def disable() -> ResponseReturnValue:
    return _attempt("disabled", lambda: perform(tools(), acts.disable, officer(), _id()))


@pages.post("/people/admit")
@needs("people.write")
def admit() -> ResponseReturnValue:
    return _attempt("admitted", lambda: perform(tools(), acts.admit, officer(), _id()))


def _id() -> str:
    given = request.form.get("officer", "")
    return given if given.isalnum() and given.isascii() and len(given) <= 26 else "unknown"


def _attempt(done: str, act: Callable[[], Any]) -> ResponseReturnValue:
    return attempt(act, lambda _: url_for("people.listed", done=done), _page, lambda pointer: pointer.partition("/")[0])


def _page(trouble: Trouble = NONE) -> str:
    return render_template(
        "review/people.html", rows=store.everyone(db.session()), roles=ROLES, trouble=trouble, form=request.form,
        done=request.args.get("done", ""), renewal=renewal.progress(db.session(), now()),
    )  # fmt: skip
