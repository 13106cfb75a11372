"""Every route of the desk says who may use it. The mark declares it, the guard holds to it; unmarked is refused.

A route's mark asks only whether the officer's role holds the act; in which region is asked where the case is known,
and there too whether the second factor is fresh enough for a decision.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.review.people.rules import DECIDES, ROLES, Actor, FactorNeeded, holds
from services.review.views import access_identity, access_stepup
from services.review.views.access_identity import Identity
from shared.errors import NotAllowed
from shared.http import Problem, wants_json

PUBLIC = "public"
HALF = "password_given"
ANY_OFFICER = "any_officer"
HOUSE = ("house.", "static")
"""Endpoints of the shared look and the probes, which show nobody's data."""

_MARK = "authorisation"
View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that everybody may see."""
    return _marked(view, PUBLIC)


def password_given(view: View) -> View:
    """Marks a view also for who gave the password and has yet to show, or to set up, a second factor."""
    return _marked(view, HALF)


def signed_in(view: View) -> View:
    """Marks a view for every officer, whatever the role."""
    return _marked(view, ANY_OFFICER)


def needs(act: str) -> Callable[[View], View]:
    """Marks a view for officers whose role holds `act`, one of `people.rules.ROLES`."""
    if not any(act in acts for acts in ROLES.values()):
        raise ValueError(f"no role holds {act!r}")
    return lambda view: _marked(view, act)


def authorisation(app: Flask, endpoint: str) -> str | None:
    """What a route asks for: PUBLIC, HALF, ANY_OFFICER or an act; None if it does not say (tests/architecture)."""
    if endpoint.startswith(HOUSE):
        return PUBLIC
    return getattr(app.view_functions[endpoint], _MARK, None)


def guard() -> ResponseReturnValue | None:
    """Before each request: lets in who may, and refuses everybody else."""
    if request.endpoint is None:
        return None
    wanted = authorisation(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if wanted is None:
        raise RuntimeError(f"{request.endpoint} does not say who may use it")
    found = access_identity.NOBODY if request.endpoint.startswith(HOUSE) else access_identity.identify()
    g.identity, g.officer, g.origin, g.wanted = found, found.actor, found.origin, wanted
    if wanted == PUBLIC:
        return None
    if found.half:
        return None if wanted == HALF else _show_factor_first()
    if found.actor is None:
        return _log_in_first()
    if (page := access_stepup.shown()) is not None:
        return page
    if wanted != HALF:
        _check(officer(), wanted)
    return None


def _check(actor: Actor, wanted: str) -> None:
    if actor.scopes is not None and (wanted in DECIDES or (wanted == ANY_OFFICER and request.method != "GET")):
        raise NotAllowed("person_needed", "a token reads and files")
    if wanted != ANY_OFFICER and not holds(actor, wanted):
        raise NotAllowed("not_permitted", wanted)


def identity() -> Identity:
    """Who is asking, and by what."""
    return cast(Identity, g.identity)


def officer() -> Actor:
    """Who is asking. Only in views that are neither public nor for who only gave the password."""
    return cast(Actor, g.officer)


def require_fresh() -> None:
    """Raises FactorNeeded unless the second factor was shown in the last ten minutes: for what guards the account."""
    if not officer().fresh:
        raise FactorNeeded


def require_person() -> None:
    """Raises NotAllowed("person_needed") for a token: for what is the officer's own."""
    if officer().scopes is not None:
        raise NotAllowed("person_needed", "a token reads and files")


def inside(address: str | None) -> str:
    """`address` if it is a page of this desk, else the first page."""
    parts = urlsplit(address or "")
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    plain = local and "\\" not in str(address) and str(address).isprintable() and not parts.path.startswith("//")
    return str(address) if plain else "/"


def _log_in_first() -> ResponseReturnValue:
    if wants_json():
        detail = gettext("Your log-in has ended, or you have not logged in yet.")
        raise Problem(401, gettext("Please log in"), detail, reason="not_logged_in")
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("login.ask", next=inside(request.full_path.rstrip("?"))))
    page = inside(request.path.rpartition("/")[0])  # what was posted to is an act of this page
    return redirect(url_for("login.ask", next=page, ended=1), 303)


def _show_factor_first() -> ResponseReturnValue:
    if wants_json():
        detail = gettext("Your password was right. Please show your second factor.")
        raise Problem(401, gettext("Please log in"), detail, reason="factor_needed")
    page = inside(request.full_path.rstrip("?")) if request.method in ("GET", "HEAD") else "/"
    return redirect(url_for("factor.ask", next=page), 302 if request.method in ("GET", "HEAD") else 303)


def _marked(view: View, wanted: str) -> View:
    setattr(view, _MARK, wanted)
    return view
