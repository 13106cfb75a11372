"""Every route of the desk says who may use it. The mark declares it, the guard holds to it; unmarked is refused.

A route's mark asks only whether the officer's role holds the act; in which region is asked where the case is known.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.review.base import db
from services.review.people import sessions, store
from services.review.people.rules import ROLES, Actor, holds
from services.review.views.context import now, tools
from shared.errors import NotAllowed
from shared.http import Problem, wants_json

PUBLIC = "public"
ANY_OFFICER = "any_officer"
HOUSE = ("house.", "static")
"""Endpoints of the shared look and the probes, which show nobody's data."""

_MARK = "authorisation"
View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that everybody may see."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Marks a view for every officer, whatever the role."""
    return _marked(view, ANY_OFFICER)


def needs(act: str) -> Callable[[View], View]:
    """Marks a view for officers whose role holds `act`, one of `people.rules.ROLES`."""
    if not any(act in acts for acts in ROLES.values()):
        raise ValueError(f"no role holds {act!r}")
    return lambda view: _marked(view, act)


def authorisation(app: Flask, endpoint: str) -> str | None:
    """What a route asks for: PUBLIC, ANY_OFFICER or an act; None if it does not say (tests/architecture)."""
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
    g.officer = None if request.endpoint.startswith(HOUSE) else _officer_of_cookie()
    if wanted == PUBLIC:
        return None
    if g.officer is None:
        return _log_in_first()
    if wanted != ANY_OFFICER and not holds(g.officer, wanted):
        raise NotAllowed("not_permitted", wanted)
    return None


def officer() -> Actor:
    """Who is asking. Only in views that are not public."""
    return cast(Actor, g.officer)


def cookie_name() -> str:
    """`__Host-` makes browsers refuse it unless it is Secure and for this host alone; that needs https."""
    return "__Host-desk" if is_https() else "desk"


def is_https() -> bool:
    return tools().room.settings.public_url("review").startswith("https://")


def inside(address: str | None) -> str:
    """`address` if it is a page of this desk, else the first page."""
    parts = urlsplit(address or "")
    local = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    plain = local and "\\" not in str(address) and str(address).isprintable() and not parts.path.startswith("//")
    return str(address) if plain else "/"


def _officer_of_cookie() -> Actor | None:
    token, at = request.cookies.get(cookie_name(), ""), now()
    row = sessions.find(db.session(), token, at) if token else None
    if row is None:
        return None
    actor = store.actor(db.session(), row.officer_id)
    if actor and sessions.is_due(row, at):
        with tools().room.bus.work() as work:
            sessions.renew(work.session, token, at)
    return actor


def _log_in_first() -> ResponseReturnValue:
    if wants_json():
        detail = gettext("Your log-in has ended, or you have not logged in yet.")
        raise Problem(401, gettext("Please log in"), detail, reason="not_logged_in")
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("login.ask", next=inside(request.full_path.rstrip("?"))))
    page = inside(request.path.rpartition("/")[0])  # what was posted to is an act of this page
    return redirect(url_for("login.ask", next=page, ended=1), 303)


def _marked(view: View, wanted: str) -> View:
    setattr(view, _MARK, wanted)
    return view
