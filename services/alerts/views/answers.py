"""How a public answer goes out: validators for caches, open to readers of every site, the same words for everyone."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request
from flask_babel import gettext

from services.alerts.compression import Variants, chosen, held, tags_of
from services.alerts.tools import Tools
from shared.http import Problem
from shared.language import speak_by_address
from shared.problems import pointers

FRESH_S = 30
CHECKED_EVERY = timedelta(minutes=5)
EXPOSED = "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"
KEPT_LONGER = "stale-while-revalidate=30, stale-if-error=300"
"""For a CDN: an alert that has ended is gone from it well within the fifteen minutes that its readers have."""
VARIANTS = Variants()
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def public(
    body: bytes, media_type: str, changed: datetime | None = None, *, also: datetime = NEVER, for_s: int = FRESH_S
) -> Response:
    """A body in a coding that the asker accepts, with a strong ETag of its own for each coding, and the later of
    `changed` and `also` as Last-Modified; 304 if the asker has it in any coding."""
    response = Response(content_type=_content_type(media_type))
    _put_in(response, body, _digest(body), media_type)
    response.last_modified = max(changed or NEVER, also).replace(microsecond=0)
    response.headers["Cache-Control"] = f"public, max-age={for_s}, {KEPT_LONGER}"
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return open_to_all(response).make_conditional(request)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _put_in(response: Response, body: bytes, tag: str, media_type: str) -> None:
    """The body and its ETag; no body, and the asker's own ETag, where that is of the same text in whatever coding."""
    tags = tags_of(tag) if not media_type.startswith("image/") else {"": tag}
    if (has := held(tags.values(), request.if_none_match)) is not None:
        response.set_etag(has)
        return
    coding = chosen(request.accept_encodings) if len(tags) > 1 else ""
    response.set_etag(tags[coding])
    if coding:
        response.headers["Content-Encoding"] = coding
        body = VARIANTS.get(tags[coding], coding, body)
    response.set_data(body)


def checked(now: datetime) -> datetime:
    """What a feed says of when it was last made. It moves every five minutes, and the ETag with it: a feed that stands
    still is a dead one, and in between who asks again gets a 304."""
    return now - (now - NEVER) % CHECKED_EVERY


def version(tools: Tools) -> tuple[int, datetime]:
    """While this is the same, every answer that is kept is the same (live/again.py)."""
    return tools.live.now().version, checked(tools.room.clock())


def misread(faults: Any) -> Problem:
    """The answer to parameters that make no sense: 400, naming each."""
    errors = [{"pointer": pointer, "parameter": pointer[2:], "detail": detail} for pointer, detail in pointers(faults)]
    return Problem(400, gettext("We could not read this request"), errors[0]["detail"], errors)


def open_to_all(response: Response) -> Response:
    """Any site's script may read this."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def for_programs() -> bool:
    return request.path.startswith("/v1/") and request.path != "/v1/docs"


def for_holders() -> bool:
    """What only the holder of a key may see: no browser of another site, and no cache."""
    return request.path.startswith("/v1/subscriptions")


def begin() -> None:
    """What programs read speaks the language of its address: a cache gives one reader's answer to the next."""
    if for_programs():
        speak_by_address()


def finish(response: Response) -> Response:
    """Scripts of other sites may read also what went wrong, and ask whether they may; pages for people are not kept."""
    if for_holders():
        response.headers["Cache-Control"] = "no-store"
    elif for_programs() and request.method in ("GET", "HEAD", "OPTIONS"):
        open_to_all(response)
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since, Authorization"
            response.headers["Access-Control-Max-Age"] = "86400"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _content_type(media_type: str) -> str:
    return media_type if media_type.startswith("image/") else f"{media_type}; charset=utf-8"
