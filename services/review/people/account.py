"""What officers do with their own account: password, second factors, log-ins elsewhere, tokens for programs."""

from collections.abc import Sequence

from flask_babel import gettext
from marshmallow import ValidationError

from services.review import audit
from services.review.base import db
from services.review.people import factors, passkeys, passwords, sessions, store, tokens
from services.review.people.names import tidy
from services.review.people.rules import ROLES, SCOPES, Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed

LONGEST_LABEL = 60


def change_password(tools: Tools, actor: Actor, old: str, new: str, session_id: str) -> None:
    """A new password; every other log-in ends. Raises ValidationError by field."""
    kept = store.get(db.session(), actor.id).password
    if kept and not passwords.holds(kept, old[: passwords.LONGEST + 1]):
        raise ValidationError({"old": [gettext("This is not the password that you have now.")]})
    if found := passwords.faults(new, [actor.name]):
        raise ValidationError({"new": found})
    made = passwords.hash_of(new)
    with tools.room.bus.work() as work:
        store.locked(work.session, actor.id).password = made
        sessions.end_all(work.session, actor.id, but=session_id)
        _note(work, tools, actor.id, "person.password")


def begin_totp(tools: Tools, token: str) -> str:
    """A secret for an authenticator app, kept with the log-in until a code proves that the app has it."""
    secret = factors.new_secret()
    with tools.room.bus.work() as work:
        row = sessions.find(work.session, token, work.now)
        if row is None:
            raise NotAllowed("not_logged_in")
        row.kept = tools.room.keys.seal_for(tools.room.keys.room, secret.encode())
    return secret


def secret_under_way(tools: Tools, token: str) -> str | None:
    """The secret that `begin_totp` made for this log-in; None if there is none."""
    row = sessions.find(db.session(), token, tools.room.clock())
    return tools.room.keys.unseal(row.kept).decode() if row and row.kept else None


def finish_totp(tools: Tools, officer_id: str, token: str, name: str, code: str) -> None:
    """The app shows the right code: it is a factor now. Raises NotAllowed("wrong_code", "setup_over")."""
    secret = secret_under_way(tools, token)
    if secret is None:
        raise NotAllowed("setup_over")
    step = factors.step_of(secret, "".join(code.split()), tools.room.clock())
    if step is None:
        raise NotAllowed("wrong_code")
    with tools.room.bus.work() as work:
        label = _label(name, gettext("Authenticator app"))
        factors.add_totp(work.session, tools, officer_id, label, secret, step, work.now)
        _note(work, tools, officer_id, "factor.add", f"totp: {label}")


def finish_passkey(tools: Tools, officer_id: str, token: str, name: str, answer: str) -> None:
    """The browser made a passkey: it is a factor now. Raises NotAllowed("passkey_refused", "passkey_known")."""
    row = sessions.find(db.session(), token, tools.room.clock())
    made = passkeys.made(tools.room.settings, answer, row.challenge if row else None)
    with tools.room.bus.work() as work:
        label = _label(name, gettext("Passkey"))
        factors.add_passkey(work.session, officer_id, label, *made, work.now)
        _note(work, tools, officer_id, "factor.add", f"passkey: {label}")


def shown_by_setup(tools: Tools, token: str) -> str:
    """Who has just set up a first factor has shown it: the log-in is whole. Answers its new token."""
    with tools.room.bus.work() as work:
        row = sessions.find(work.session, token, work.now)
        if row is None:
            raise NotAllowed("not_logged_in")
        _note(work, tools, row.officer_id, "session.begin", "factor.add")
        return sessions.shown(work.session, token, work.now)


def remove_factor(tools: Tools, actor: Actor, factor_id: str) -> None:
    """Raises NotAllowed("not_found", "last_factor")."""
    with tools.room.bus.work() as work:
        gone = factors.remove(work.session, actor.id, factor_id)
        _note(work, tools, actor.id, "factor.remove", f"{gone.kind}: {gone.name}")


def new_recovery_codes(tools: Tools, officer_id: str) -> list[str]:
    """Ten codes, shown this once; older ones are good no longer."""
    with tools.room.bus.work() as work:
        _note(work, tools, officer_id, "recovery.make")
        return factors.new_recovery_codes(work.session, officer_id, work.now)


def end_session(tools: Tools, actor: Actor, session_id: str) -> None:
    """Ends one's own log-in somewhere else. Raises NotAllowed("not_found")."""
    with tools.room.bus.work() as work:
        if not sessions.end_one(work.session, actor.id, session_id):
            raise NotAllowed("not_found", f"no session {session_id}")
        _note(work, tools, actor.id, "session.end", "elsewhere")


def end_others(tools: Tools, actor: Actor, session_id: str) -> None:
    """Ends all of one's log-ins but this."""
    with tools.room.bus.work() as work:
        sessions.end_all(work.session, actor.id, but=session_id)
        _note(work, tools, actor.id, "session.end_all")


def scopes_of(actor: Actor) -> list[str]:
    """The scopes of which the actor's roles have anything."""
    held = frozenset().union(*(ROLES.get(role, frozenset()) for role in actor.roles))
    return [scope for scope, acts in SCOPES.items() if acts & held]


def make_token(tools: Tools, actor: Actor, name: str, scopes: Sequence[str], days: int | None) -> str:
    """A program's token, shown this once. Raises ValidationError by field, NotAllowed("too_many_tokens")."""
    label, faults = _label(name, ""), {}
    if not label:
        faults["token_name"] = [gettext("Give the token a name that says which program has it.")]
    if not scopes or not set(scopes) <= set(scopes_of(actor)):
        faults["scopes"] = [gettext("Choose what the program may do.")]
    if days is None or not 0 < days <= tokens.LONGEST:
        faults["days"] = [gettext("A token lasts from 1 to %(most)s days.", most=tokens.LONGEST)]
    if faults or days is None:
        raise ValidationError(faults)
    with tools.room.bus.work() as work:
        _note(work, tools, actor.id, "token.make", f"{label}: {', '.join(sorted(set(scopes)))}")
        return tokens.make(work.session, actor.id, label, scopes, days, work.now)


def end_token(tools: Tools, actor: Actor, token_id: str) -> None:
    """Raises NotAllowed("not_found")."""
    with tools.room.bus.work() as work:
        name = tokens.end_one(work.session, actor.id, token_id)
        if name is None:
            raise NotAllowed("not_found", f"no token {token_id}")
        _note(work, tools, actor.id, "token.end", name)


def _label(text: str, otherwise: str) -> str:
    plain = "".join(letter for letter in tidy(text) if letter.isprintable())
    return plain[:LONGEST_LABEL] or str(otherwise)


def _note(work: Work, tools: Tools, officer_id: str, act: str, text: str = "") -> None:
    audit.record(work, tools, officer_id, act, Subject("person", officer_id), text)
