"""The cookie that an officer's log-in lives in, and the growing pause after wrong tries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Response, request
from flask_babel import gettext

from services.review.people import entry
from services.review.people.names import tidy
from services.review.people.sessions import Origin
from services.review.views.access_identity import address, cookie_name, is_https
from services.review.views.context import throttle, tools
from shared.errors import NotAllowed
from shared.http import Problem

Answer = TypeVar("Answer", bound=Response)
WRONG = ("wrong_name_or_password", "wrong_code", "invitation_over")


def origin() -> Origin:
    return Origin(address(), request.headers.get("User-Agent", ""))


def enter(name: str, password: str) -> entry.Entered:
    """The first step of a log-in. Raises NotAllowed("wrong_name_or_password"), Problem (429) after too many of them."""
    name = tidy(name[:200])
    with paused(name, address()):
        return entry.log_in(tools(), name, password, origin())


@contextmanager
def paused(name: str, where: str) -> Iterator[None]:
    """Counts wrong tries of `name` from the address `where`. Raises Problem (429) while the pause after them lasts.

    The pair is counted, so that no stranger can keep somebody else out. A second factor is counted without the
    address: it can only be tried by who gave the right password.
    """
    if wait := throttle().wait(name, where):
        seconds = int(wait) + 1
        detail = gettext("Please wait %(seconds)s seconds and try again.", seconds=seconds)
        headers = {"Retry-After": str(seconds)}
        raise Problem(429, gettext("Too many tries"), detail, headers=headers, reason="too_many_tries")
    try:
        yield
    except NotAllowed as refusal:
        if refusal.reason in WRONG:
            throttle().failed(name, where)
        raise
    throttle().passed(name, where)


def leave(response: Answer, token: str, officer_id: str) -> Answer:
    """Logs out, and takes the cookie back."""
    entry.log_out(tools(), token, officer_id)
    response.delete_cookie(cookie_name(), httponly=True, samesite="Strict", secure=is_https())
    return response


def keep(response: Answer, token: str) -> Answer:
    """Puts a log-in's token into the browser."""
    response.set_cookie(cookie_name(), token, httponly=True, samesite="Strict", secure=is_https())
    return response
