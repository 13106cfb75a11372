"""Getting in and out, all of it recorded: by password or agency, then by a second factor, or by an invitation.

The slow hash is computed outside any transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass

from marshmallow import ValidationError

from services.review import audit
from services.review.base import db
from services.review.people import codes, factors, invitations, passkeys, passwords, sessions, store
from services.review.people.acts import come_in
from services.review.people.models import DeskSession, Invitation, Officer
from services.review.people.names import is_name
from services.review.people.sessions import Origin
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed

STRANGER = "stranger"
"""Who failed to log in under a name that nobody has. The name typed is not kept: it may be a password."""


@dataclass(frozen=True)
class Entered:
    """A new log-in: its cookie's token, and whether it still waits for a second factor."""

    token: str
    half: bool


def needs_factor(tools: Tools, officer_id: str) -> bool:
    """Whether this officer shows a second factor: everybody does but who never set one up in an exercise."""
    return not tools.room.settings.exercise or factors.has_any(db.session(), officer_id)


def log_in(tools: Tools, name: str, password: str, origin: Origin) -> Entered:
    """The first step; `name` is tidy. Raises NotAllowed("wrong_name_or_password"), whatever of both is wrong."""
    officer = store.by_name(db.session(), name) if is_name(name) else None
    known = officer.id if officer else STRANGER
    right = passwords.holds(officer.password if officer else None, password[: passwords.LONGEST + 1])
    admitted = officer is not None and right and not officer.disabled
    return begin(tools, known, origin, admitted=admitted)


def begin(tools: Tools, officer_id: str, origin: Origin, *, admitted: bool, shown: bool = False) -> Entered:
    """A log-in of who gave the password, or was vouched for by the agency (`shown`: with a second factor there)."""
    half = admitted and not shown and needs_factor(tools, officer_id)
    with tools.room.bus.work() as work:
        act = "session.password" if half else "session.begin"
        audit.record(
            work, tools, officer_id, act, Subject("person", officer_id), f"from {origin.address}", refused=not admitted
        )
        token = sessions.begin(work.session, officer_id, work.now, origin, shown=shown, half=half) if admitted else ""
    if not admitted:
        raise NotAllowed("wrong_name_or_password")
    return Entered(token, half)


def show_code(tools: Tools, token: str, code: str) -> str:
    """The second step by a time code or a recovery code; answers the log-in's new token. Raises
    NotAllowed("wrong_code")."""

    def use(work: Work, row: DeskSession) -> str | None:
        return factors.use_code(work.session, tools, row.officer_id, code, work.now)

    return _show(tools, token, use)


def show_passkey(tools: Tools, token: str, answer: str) -> str:
    """The second step by a passkey. Raises NotAllowed("wrong_code")."""

    def use(work: Work, row: DeskSession) -> str | None:
        settings = tools.room.settings
        found = passkeys.use(work.session, settings, row.officer_id, answer, row.challenge, work.now)
        row.challenge = None
        return "passkey" if found else None

    return _show(tools, token, use)


def _show(tools: Tools, token: str, use: Callable[[Work, DeskSession], str | None]) -> str:
    """Whether a factor holds is recorded, also when it does not; the first one of a log-in makes it whole."""
    with tools.room.bus.work() as work:
        row = sessions.find(work.session, token, work.now)
        if row is None:
            raise NotAllowed("not_logged_in")
        officer_id, first = row.officer_id, row.shown_at is None
        kind = use(work, row)
        act = "session.begin" if first else "session.factor"
        subject = Subject("person", officer_id)
        audit.record(work, tools, officer_id, act, subject, kind or "wrong_code", refused=kind is None)
        fresh = sessions.shown(work.session, token, work.now) if kind else ""
    if not kind:
        raise NotAllowed("wrong_code")
    return fresh


def invited(tools: Tools, code: str) -> tuple[Officer, Invitation]:
    """Who is invited by a code. Raises NotAllowed("invitation_over")."""
    return _invited(tools, codes.hash_of(code))


def _invited(tools: Tools, code_hash: str) -> tuple[Officer, Invitation]:
    row = invitations.find(db.session(), code_hash, tools.room.clock())
    officer = store.get(db.session(), row.officer_id) if row else None
    if row is None or officer is None or officer.disabled:
        raise NotAllowed("invitation_over")
    return officer, row


def accept(tools: Tools, code: str, password: str, origin: Origin) -> Entered:
    """Comes in with a password of one's own. Raises NotAllowed("invitation_over"), ValidationError."""
    officer, _ = invited(tools, code)
    if found := passwords.faults(password, [officer.name]):
        raise ValidationError({"password": found})
    kept = passwords.hash_of(password)
    officer_id = _come_in(tools, codes.hash_of(code), password=kept)
    return begin(tools, officer_id, origin, admitted=True)


def accept_by_agency(tools: Tools, code_hash: str, agency: str) -> str:
    """Comes in by the agency's word, and binds it to the account; answers the officer's id."""
    known = store.by_agency(db.session(), agency)
    officer, _ = _invited(tools, code_hash)
    if known and known.id != officer.id:
        raise NotAllowed("agency_taken")
    return _come_in(tools, code_hash, agency=agency)


def _come_in(tools: Tools, code_hash: str, *, password: str = "", agency: str | None = None) -> str:
    with tools.room.bus.work() as work:
        row = invitations.find(work.session, code_hash, work.now)
        if row is None:
            raise NotAllowed("invitation_over")
        officer, made_by = store.locked(work.session, row.officer_id), row.made_by
        come_in(work, tools, officer, made_by, password=password, agency=agency)
        return str(officer.id)


def log_out(tools: Tools, token: str, officer_id: str) -> None:
    with tools.room.bus.work() as work:
        sessions.end(work.session, token)
        audit.record(work, tools, officer_id, "session.end", Subject("person", officer_id))
