"""Who asks: an address, or the holder of a key; and whether it asks too often."""

from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext

from services.alerts.deliver.keys import Key, Ring
from services.alerts.deliver.rate import Count, Counter, asker
from services.alerts.live.again import Allowed
from services.alerts.views.answers import for_programs
from services.alerts.views.context import session
from shared.http import Problem

RING, COUNTER, COUNTED = "api_keys", "request_counter", "homeward.counted"
WHO = {"WWW-Authenticate": "Bearer"}


def begin() -> None:
    """Counts the request; refuses one too many, and a key that is none."""
    if not for_programs() or request.method == "OPTIONS":
        return
    g.key = _key()
    g.count = request.environ.get(COUNTED) or _counted(current_app, g.key, request.remote_addr or "")
    if g.count and g.count.over:
        detail = gettext("Please ask at most %(limit)s times a minute, or ask us for a key.", limit=g.count.limit)
        raise Problem(429, gettext("Too many requests"), detail, headers={"Retry-After": str(g.count.resets_s)})


def finish(response: Response) -> Response:
    """Says how many requests are left."""
    count: Count | None = g.get("count")
    for name, value in count.headers() if count else ():
        response.headers[name] = value
    return response


def before_the_view(app: Flask, environ: dict[str, Any]) -> Allowed:
    """Counts a request whose answer is there already (live/again.py), as `begin` would. The view is left to say it
    where it is one too many, and where the key is not one that was asked about in the last seconds."""
    secret, key = _secret(environ.get("HTTP_AUTHORIZATION", "")), None
    if secret is not None:
        key = cast(Ring, app.extensions[RING]).remembered(secret)
        if key is None:
            return False, ()
    count = _counted(app, key, environ.get("REMOTE_ADDR", ""))
    if count is None:
        return True, ()
    environ[COUNTED] = count
    return not count.over, count.headers()


def _counted(app: Flask, key: Key | None, address: str) -> Count | None:
    """None where nobody counts."""
    who, limit = asker(address), app.extensions["homeward"].room.settings.feeds_rate
    if key and "read" in key.scopes:
        who, limit = key.id, key.per_minute
    return cast(Counter, app.extensions[COUNTER]).count(who, limit) if who else None


def holder(scope: str) -> Key:
    """The key of this request. Raises Problem 401 where there is none, 403 where it is not for this."""
    key: Key | None = g.get("key")
    if key is None:
        detail = gettext("Send your key as: Authorization: Bearer hwk_…")
        raise Problem(401, gettext("This needs a key"), detail, headers=WHO)
    if scope not in key.scopes:
        raise Problem(403, gettext("Your key is not for this"), gettext("Ask the operator for another."))
    return key


def _key() -> Key | None:
    secret = _secret(request.headers.get("Authorization", ""))
    if secret is None:
        return None
    key = cast(Ring, current_app.extensions[RING]).find(session(), secret) if secret else None
    if key is None:
        raise Problem(
            401, gettext("We do not know this key"), gettext("Ask without one, or with a valid one."), headers=WHO
        )
    return key


def _secret(given: str) -> str | None:
    """The key in an Authorization header: None where there is none, empty where it is of another kind."""
    kind, _, secret = given.partition(" ")
    return (secret.strip() if kind.lower() == "bearer" else "") if given else None
