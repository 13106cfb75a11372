"""How a public answer goes out: validators for caches, open to readers of every site, the same words for everyone."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request
from flask_babel import gettext

from shared.http import Problem
from shared.language import speak_by_address
from shared.problems import pointers

FRESH_S = 30
CHECKED_EVERY = timedelta(minutes=5)
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def public(
    body: bytes, media_type: str, changed: datetime | None = None, *, also: datetime = NEVER, for_s: int = FRESH_S
) -> Response:
    """A body with a strong ETag and the later of `changed` and `also` as Last-Modified; 304 if the asker has it."""
    response = Response(body, content_type=_content_type(media_type))
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = max(changed or NEVER, also).replace(microsecond=0)
    response.headers["Cache-Control"] = f"public, max-age={for_s}"
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return open_to_all(response).make_conditional(request)


def checked(now: datetime) -> datetime:
    """What a feed says of when it was last made. It moves every five minutes, and the ETag with it: a feed that stands
    still is a dead one, and in between who asks again gets a 304."""
    return now - (now - NEVER) % CHECKED_EVERY


def misread(faults: Any) -> Problem:
    """The answer to parameters that make no sense: 400, naming each."""
    errors = [{"pointer": pointer, "parameter": pointer[2:], "detail": detail} for pointer, detail in pointers(faults)]
    return Problem(400, gettext("We could not read this request"), errors[0]["detail"], errors)


def open_to_all(response: Response) -> Response:
    """Any site's script may read this."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def for_programs() -> bool:
    return request.path.startswith("/v1/") and request.path != "/v1/docs"


def begin() -> None:
    """What programs read speaks the language of its address: a cache gives one reader's answer to the next."""
    if for_programs():
        speak_by_address()


def finish(response: Response) -> Response:
    """Scripts of other sites may read also what went wrong, and ask whether they may; pages for people are not kept."""
    if for_programs() and request.method in ("GET", "HEAD", "OPTIONS"):
        open_to_all(response)
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response.headers["Access-Control-Max-Age"] = "86400"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _content_type(media_type: str) -> str:
    return media_type if media_type.startswith("image/") else f"{media_type}; charset=utf-8"
