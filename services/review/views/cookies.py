"""The cookie that an officer's log-in lives in, put in and taken out."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, request
from flask_babel import gettext

from services.review.base import db
from services.review.people import entry, sessions, store
from services.review.people.acts import tidy
from services.review.people.rules import Actor
from services.review.views.access import cookie_name, is_https, officer
from services.review.views.context import now, throttle, tools
from shared.errors import NotAllowed
from shared.http import Problem

Answer = TypeVar("Answer", bound=Response)


def enter(name: str, password: str) -> tuple[Actor, Callable[[Answer], Answer]]:
    """Logs in; answers who it is, and what puts the cookie into a response.

    Raises NotAllowed("wrong_name_or_password"), Problem (429) after too many of them.
    """
    name, address = tidy(name[:200]), request.remote_addr or ""
    wait = throttle().wait(name, address)
    if wait:
        detail = gettext("Please wait %(seconds)s seconds and try again.", seconds=int(wait) + 1)
        headers = {"Retry-After": str(int(wait) + 1)}
        raise Problem(429, gettext("Too many tries"), detail, headers=headers, reason="too_many_tries")
    try:
        token = entry.log_in(tools(), name, password, address)
    except NotAllowed:
        throttle().failed(name, address)
        raise
    throttle().passed(name, address)
    return _who(token), lambda response: _keep(response, token)


def leave(response: Answer) -> Answer:
    """Logs out, and takes the cookie back."""
    entry.log_out(tools(), request.cookies.get(cookie_name(), ""), officer().id)
    response.delete_cookie(cookie_name(), httponly=True, samesite="Strict", secure=is_https())
    return response


def _who(token: str) -> Actor:
    row = sessions.find(db.session(), token, now())
    actor = store.actor(db.session(), row.officer_id) if row else None
    if actor is None:
        raise NotAllowed("wrong_name_or_password")  # disabled this very moment
    return actor


def _keep(response: Answer, token: str) -> Answer:
    response.set_cookie(cookie_name(), token, httponly=True, samesite="Strict", secure=is_https())
    return response
