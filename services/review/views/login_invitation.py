"""Coming in by an invitation: its code, then a password of one's own or the agency's account.

The code may stand behind `#` in the link: browsers send that part to nobody, and a small script puts it into the field.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.review import words
from services.review.people import agency, entry
from services.review.views.access import public
from services.review.views.access_identity import address
from services.review.views.context import tools
from services.review.views.cookies import origin, paused
from services.review.views.login import onward
from shared.errors import NotAllowed
from shared.http import Problem

pages = Blueprint("invitation", __name__)


@pages.get("/invitation")
@public
def ask() -> str:
    return _ask()


@pages.post("/invitation")
@public
def open_it() -> ResponseReturnValue:
    """Who is invited; asks for a password."""
    code = request.form.get("code", "")[:100]
    try:
        with paused("an invitation", address()):
            person, _ = entry.invited(tools(), code)
    except NotAllowed as refusal:
        return _ask(words.reason(refusal.reason)), 404
    except Problem as problem:
        return _ask(problem.detail), problem.status, problem.headers
    return _accept(code, person.name)


@pages.post("/invitation/password")
@public
def accept() -> ResponseReturnValue:
    code, password = request.form.get("code", "")[:100], request.form.get("password", "")
    try:
        with paused("an invitation", address()):
            person, _ = entry.invited(tools(), code)
            name = person.name
            entered = entry.accept(tools(), code, password, origin())
    except NotAllowed as refusal:
        return _ask(words.reason(refusal.reason)), 404
    except Problem as problem:
        return _ask(problem.detail), problem.status, problem.headers
    except ValidationError as error:
        found = error.normalized_messages()
        return _accept(code, name, {field: " ".join(said) for field, said in found.items()}), 422
    return onward(entered, "/")


def _ask(fault: str = "") -> str:
    return render_template("review/invitation.html", fault=fault, code=request.form.get("code", ""))


def _accept(code: str, name: str, errors: dict[str, str] | None = None) -> str:
    settings = tools().room.settings
    return render_template(
        "review/invitation_accept.html", code=code, name=name, errors=errors or {}, agency=agency.is_set(settings),
        agency_name=settings.oidc_name,
    )  # fmt: skip
