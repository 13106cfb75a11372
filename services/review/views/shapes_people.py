"""The desk's JSON about people: officers, rights that wait, log-ins, second factors, tokens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.review.base import db
from services.review.people import account, factors, grants, invitations, sessions, store, tokens
from services.review.people.models import ApiToken, DeskSession, Factor, Grant, Invitation, Officer
from services.review.people.rules import Actor
from services.review.views.access import identity
from services.review.views.context import now
from services.review.views.people_grants import refusal_of
from services.review.views.shapes import Json, officer, time


def everyone() -> list[Json]:
    """Everybody at the desk, also who was disabled."""
    session = db.session()
    invited, waiting = invitations.open_ones(session, now()), {item.officer_id for item in grants.waiting(session)}
    return [_line(row, invited.get(row.id), row.id in waiting) for row in store.everyone(session)]


def person(officer_id: str) -> Json:
    """Raises NotAllowed("not_found")."""
    session, row = db.session(), store.get(db.session(), officer_id)
    waits = next((item for item in grants.waiting(session) if item.officer_id == row.id), None)
    return _line(row, invitations.open_ones(session, now()).get(row.id), waits is not None) | {
        "grant": waits and grant(waits, store.names(session)),
        "factors": [_factor(item) for item in factors.of_officer(session, row.id)],
        "sessions": [_session(item) for item in sessions.of_officer(session, row.id, now())],
    }


def waiting() -> list[Json]:
    """Rights that wait for a second granter, oldest first."""
    names = store.names(db.session())
    return [grant(row, names) for row in grants.waiting(db.session())]


def grant(row: Grant, names: Mapping[str, str]) -> Json:
    return {
        "id": row.id, "officer": row.officer_id, "officer_name": names.get(row.officer_id), "roles": row.roles,
        "regions": row.regions, "asked_by": row.asked_by, "asked_by_name": names.get(row.asked_by),
        "asked_at": time(row.asked_at), "is_in": store.is_in(store.get(db.session(), row.officer_id)),
        "refusal": refusal_of(row),
    }  # fmt: skip


def own(actor: Actor) -> Json:
    """The account of who asks."""
    session = db.session()
    return {
        "officer": officer(actor),
        "factors": [_factor(item) for item in factors.of_officer(session, actor.id)],
        "recovery_codes_left": factors.recovery_left(session, actor.id),
        "sessions": [_session(item) for item in sessions.of_officer(session, actor.id, now())],
        "tokens": own_tokens(actor), "scopes": account.scopes_of(actor),
    }  # fmt: skip


def own_tokens(actor: Actor) -> list[Json]:
    return [_token(row) for row in tokens.of_officer(db.session(), actor.id, now())]


def officers(rows: Sequence[Officer]) -> list[Json]:
    return [{"id": row.id, "name": row.name, "roles": row.roles, "regions": row.regions} for row in rows]


def _line(row: Officer, invitation: Invitation | None, waits: bool) -> Json:
    until: datetime | None = invitation.ends_at if invitation else None
    return officers([row])[0] | {
        "disabled": row.disabled, "is_in": store.is_in(row), "added_at": time(row.added_at),
        "invited_until": time(until), "waits": waits,
    }  # fmt: skip


def _factor(row: Factor) -> Json:
    said: dict[str, Any] = {"id": row.id, "kind": row.kind, "name": row.name}
    return said | {"added_at": time(row.added_at), "used_at": time(row.used_at)}


def _session(row: DeskSession) -> Json:
    return {
        "id": row.id, "begun_at": time(row.begun_at), "used_at": time(row.used_at), "ends_at": time(row.ends_at),
        "address": row.address, "browser": row.browser, "here": row.id == identity().session_id,
    }  # fmt: skip


def _token(row: ApiToken) -> Json:
    return {
        "id": row.id, "name": row.name, "scopes": row.scopes, "made_at": time(row.made_at),
        "ends_at": time(row.ends_at), "used_at": time(row.used_at),
    }  # fmt: skip
