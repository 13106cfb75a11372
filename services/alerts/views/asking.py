"""Who asks: an address, or the holder of a key; and whether it asks too often."""

from typing import cast

from flask import Response, current_app, g, request
from flask_babel import gettext

from services.alerts.deliver.keys import Key, Ring
from services.alerts.deliver.rate import WINDOW_S, Count, Counter, asker
from services.alerts.views.answers import for_programs
from services.alerts.views.context import session, tools
from shared.http import Problem

RING, COUNTER = "api_keys", "request_counter"
WHO = {"WWW-Authenticate": "Bearer"}


def begin() -> None:
    """Counts the request; refuses one too many, and a key that is none."""
    if not for_programs() or request.method == "OPTIONS":
        return
    g.key = _key()
    who, limit = (g.key.id, g.key.per_minute) if g.key and "read" in g.key.scopes else _anonymous()
    if not who:
        return
    g.count = cast(Counter, current_app.extensions[COUNTER]).count(who, limit)
    if g.count.over:
        detail = gettext("Please ask at most %(limit)s times a minute, or ask us for a key.", limit=g.count.limit)
        raise Problem(429, gettext("Too many requests"), detail, headers={"Retry-After": str(g.count.resets_s)})


def finish(response: Response) -> Response:
    """Says how many requests are left (draft-ietf-httpapi-ratelimit-headers)."""
    count: Count | None = g.get("count")
    if count is not None:
        response.headers["RateLimit-Policy"] = f'"default";q={count.limit};w={WINDOW_S}'
        response.headers["RateLimit"] = f'"default";r={count.left};t={count.resets_s}'
    return response


def holder(scope: str) -> Key:
    """The key of this request. Raises Problem 401 where there is none, 403 where it is not for this."""
    key: Key | None = g.get("key")
    if key is None:
        detail = gettext("Send your key as: Authorization: Bearer hwk_…")
        raise Problem(401, gettext("This needs a key"), detail, headers=WHO)
    if scope not in key.scopes:
        raise Problem(403, gettext("Your key is not for this"), gettext("Ask the operator for another."))
    return key


def _anonymous() -> tuple[str, int]:
    return asker(request.remote_addr or ""), tools().room.settings.feeds_rate


def _key() -> Key | None:
    given = request.headers.get("Authorization", "")
    if not given:
        return None
    kind, _, secret = given.partition(" ")
    ring = cast(Ring, current_app.extensions[RING])
    key = ring.find(session(), secret.strip()) if kind.lower() == "bearer" else None
    if key is None:
        raise Problem(
            401, gettext("We do not know this key"), gettext("Ask without one, or with a valid one."), headers=WHO
        )
    return key
