"""A tracking code is looked up at a pace that makes guessing hopeless."""

from typing import cast

from flask import current_app, request
from flask_babel import gettext

from services.ingest.status import Standing, UnknownCode, standing
from services.ingest.tracking import BadCode
from services.ingest.views.context import tools
from shared.http import Problem
from shared.throttle import Throttle

_WHAT = "tracking code"


def look_up(heard: str) -> Standing:
    """How the submission under `heard` stands. Raises BadCode or UnknownCode, and Problem (429) after too many."""
    throttle, address = cast(Throttle, current_app.extensions["throttle"]), request.remote_addr or ""
    wait = throttle.wait(_WHAT, address)
    if wait:
        seconds = int(wait) + 1
        detail = gettext("Please wait %(seconds)s seconds and try again.", seconds=seconds)
        raise Problem(429, gettext("Too many tries"), detail, headers={"Retry-After": str(seconds)})
    try:
        found = standing(heard, tools())
    except (BadCode, UnknownCode):
        throttle.failed(_WHAT, address)
        raise
    throttle.passed(_WHAT, address)
    return found
