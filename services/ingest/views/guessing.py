"""A tracking code is looked up at a pace that makes guessing hopeless."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import current_app, request
from flask_babel import gettext

from services.ingest.status import Standing, UnknownCode, standing
from services.ingest.tracking import BadCode
from services.ingest.views.context import tools
from shared.http import Problem
from shared.throttle import Throttle

_WHAT = "tracking code"
Found = TypeVar("Found")


def look_up(heard: str) -> Standing:
    """How the submission under `heard` stands. Raises BadCode or UnknownCode, and Problem (429) after too many."""
    return paced(lambda: standing(heard, tools()))


def paced(find: Callable[[], Found]) -> Found:
    """What `find` finds by a code, at a pace that makes guessing hopeless. Raises what it raises, and Problem (429)."""
    throttle, address = cast(Throttle, current_app.extensions["throttle"]), request.remote_addr or ""
    wait = throttle.wait(_WHAT, address)
    if wait:
        seconds = int(wait) + 1
        detail = gettext("Please wait %(seconds)s seconds and try again.", seconds=seconds)
        raise Problem(429, gettext("Too many tries"), detail, headers={"Retry-After": str(seconds)})
    try:
        found = find()
    except (BadCode, UnknownCode):
        throttle.failed(_WHAT, address)
        raise
    if found is not None:
        throttle.passed(_WHAT, address)
    return found
