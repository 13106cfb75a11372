"""How a public answer goes out: validators for caches, open to readers of every site."""

import hashlib
from datetime import UTC, datetime

from flask import Response, request

FRESH_S = 30


def public(body: bytes, media_type: str, changed: datetime | None = None, *, for_s: int = FRESH_S) -> Response:
    """A body with a strong ETag and its Last-Modified; 304 where the asker has it already."""
    response = Response(body, content_type=_content_type(media_type))
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = (changed or datetime(2026, 1, 1, tzinfo=UTC)).replace(microsecond=0)
    response.headers["Cache-Control"] = f"public, max-age={for_s}"
    response.headers["Vary"] = "Accept, Accept-Encoding"
    open_to_all(response)
    return response.make_conditional(request)


def open_to_all(response: Response) -> Response:
    """Any site's script may read this."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _content_type(media_type: str) -> str:
    return media_type if media_type.startswith("image/") else f"{media_type}; charset=utf-8"
