"""Who a request comes from: an officer's session by its cookie, or a program by an officer's API token."""

from dataclasses import dataclass, replace

from flask import request

from services.review.base import db
from services.review.people import opening, sessions, store, tokens
from services.review.people.entry import needs_factor
from services.review.people.models import ApiToken, DeskSession
from services.review.people.rules import Actor, is_fresh
from services.review.views.context import now, tools


@dataclass(frozen=True)
class Identity:
    """`actor` is None for strangers and while a log-in is `half`, waiting for its second factor. `token` is the
    cookie's, `session_id` its log-in; `origin` is what the record says of where a request came from."""

    actor: Actor | None = None
    officer_id: str | None = None
    half: bool = False
    token: str = ""
    session_id: str = ""
    origin: str = ""


NOBODY = Identity()
JSON = "/api/"
_BEARER = "bearer "


def cookie_name() -> str:
    """`__Host-` makes browsers refuse it unless it is Secure and for this host alone; that needs https."""
    return "__Host-desk" if is_https() else "desk"


def is_https() -> bool:
    return tools().room.settings.public_url("review").startswith("https://")


def address() -> str:
    return request.remote_addr or ""


def identify() -> Identity:
    """Whose request this is. A program's token counts under /api/ alone, and there before any cookie."""
    given = request.headers.get("Authorization", "")
    if request.path.startswith(JSON) and given[: len(_BEARER)].lower() == _BEARER:
        return _by_token(given[len(_BEARER) :].strip())
    return by_cookie(request.cookies.get(cookie_name(), ""))


def by_cookie(token: str) -> Identity:
    """Whose log-in a cookie's token is."""
    at = now()
    row = sessions.find(db.session(), token, at) if token else None
    actor = store.actor(db.session(), row.officer_id) if row else None
    if row is None or actor is None:
        return Identity(origin=address())
    origin, needed = f"{address()}, log-in {row.id[:8]}", needs_factor(tools(), actor.id)
    if needed and row.shown_at is None:
        return Identity(None, actor.id, True, token, row.id, origin)
    fresh = not needed or is_fresh(row.shown_at, at)
    known = replace(actor, cases=opening.open_to(db.session(), actor.id, at), fresh=fresh)
    found = Identity(known, actor.id, False, token, row.id, origin)
    _renew(row, token)
    return found


def _renew(row: DeskSession, token: str) -> None:
    if sessions.is_due(row, now()):
        with tools().room.bus.work() as work:
            sessions.renew(work.session, token, work.now)


def _by_token(token: str) -> Identity:
    at = now()
    row = tokens.find(db.session(), token, at)
    actor = store.actor(db.session(), row.officer_id) if row else None
    if row is None or actor is None:
        return Identity(origin=address())
    origin = f"{address()}, token {row.id[:8]} {row.name}"
    known = replace(actor, cases=opening.open_to(db.session(), actor.id, at), scopes=frozenset(row.scopes), fresh=False)
    found = Identity(known, actor.id, False, "", row.id, origin)
    _note_use(row)
    return found


def _note_use(row: ApiToken) -> None:
    if tokens.is_due(row, now()):
        key = row.token_hash
        with tools().room.bus.work() as work:
            kept = work.session.get(ApiToken, key)
            if kept:
                kept.used_at = work.now
