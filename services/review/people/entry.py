"""Logging in and out, both recorded. The slow hash is computed outside any transaction."""

from services.review import audit
from services.review.base import db
from services.review.people import passwords, sessions, store
from services.review.people.acts import is_name
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.errors import NotAllowed

STRANGER = "stranger"
"""Who failed to log in under a name that nobody has. The name typed is not kept: it may be a password."""


def log_in(tools: Tools, name: str, password: str, address: str) -> str:
    """A new session's token; `name` is tidy. Raises NotAllowed("wrong_name_or_password"), whatever of both is wrong."""
    officer = store.by_name(db.session(), name) if is_name(name) else None
    known = officer.id if officer else STRANGER
    right = passwords.holds(officer.password if officer else None, password[: passwords.LONGEST + 1])
    admitted = officer is not None and right and not officer.disabled
    with tools.room.bus.work() as work:
        subject = Subject("person", known)
        audit.record(work, tools, known, "session.begin", subject, f"from {address}", refused=not admitted)
        token = sessions.begin(work.session, known, work.now) if admitted else None
    if token is None:
        raise NotAllowed("wrong_name_or_password")
    return token


def log_out(tools: Tools, token: str, officer_id: str) -> None:
    with tools.room.bus.work() as work:
        sessions.end(work.session, token)
        audit.record(work, tools, officer_id, "session.end", Subject("person", officer_id))
