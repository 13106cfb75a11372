"""Codes are tried at a pace that makes guessing hopeless: the tracking code, and the one that a mail carries."""

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
    """What `find` finds by a tracking code. Raises what it raises, and Problem (429) after too many wrong ones."""
    _wait(_WHAT)
    try:
        found = find()
    except (BadCode, UnknownCode):
        _throttle().failed(_WHAT, _address())
        raise
    if found is not None:
        _throttle().passed(_WHAT, _address())
    return found


def slowed(what: str, tried: Callable[[], bool]) -> bool:
    """Whether the try was right. Raises Problem (429) after too many wrong ones from one address."""
    _wait(what)
    right = tried()
    (_throttle().passed if right else _throttle().failed)(what, _address())
    return right


def _wait(what: str) -> None:
    wait = _throttle().wait(what, _address())
    if wait:
        seconds = int(wait) + 1
        detail = gettext("Please wait %(seconds)s seconds and try again.", seconds=seconds)
        raise Problem(429, gettext("Too many tries"), detail, headers={"Retry-After": str(seconds)})


def _throttle() -> Throttle:
    return cast(Throttle, current_app.extensions["throttle"])


def _address() -> str:
    return request.remote_addr or ""
