"""Loads and saves requests for removal; `details` go in and out through the request's content key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.review import rows
from services.review.content import key_of, open_text, seal_text
from services.review.people.rules import Actor
from services.review.people.store import covered
from services.review.removals.models import Removal
from services.review.removals.schemas import RemovalDetails, dumped, loaded
from services.review.tools import Tools

LIMIT = 100


def get(session: Session, removal_id: str) -> Removal:
    """Raises NotAllowed("not_found")."""
    return rows.found(session, Removal, removal_id, "request")


def locked(session: Session, removal_id: str) -> Removal:
    """Like `get`, and nobody else changes it before this transaction ends."""
    return rows.locked(session, Removal, removal_id, "request")


def mine(actor: Actor) -> ColumnElement[bool]:
    """Those in the actor's jurisdiction, and those about a case that is open to them for an hour."""
    return or_(covered(Removal.region, actor), Removal.case_id.in_(tuple(actor.cases)))


def waiting(session: Session, actor: Actor) -> Sequence[Removal]:
    """Unanswered requests of the actor's jurisdiction, those first that are to be answered first."""
    query = select(Removal).where(Removal.state == "open", mine(actor)).order_by(Removal.answer_by, Removal.id)
    return session.scalars(query.limit(LIMIT)).all()


def answered(session: Session, actor: Actor) -> Sequence[Removal]:
    """Answered requests of the actor's jurisdiction, the latest first."""
    query = select(Removal).where(Removal.state != "open", mine(actor)).order_by(Removal.answered_at.desc())
    return session.scalars(query.limit(LIMIT)).all()


def of_case(session: Session, case_id: str) -> Sequence[Removal]:
    """Unanswered requests about a case."""
    query = select(Removal).where(Removal.case_id == case_id, Removal.state == "open").order_by(Removal.answer_by)
    return session.scalars(query).all()


def due_for_erasure(session: Session, answered_before: datetime) -> Sequence[Removal]:
    query = select(Removal).where(Removal.content_key.is_not(None), Removal.answered_at < answered_before)
    return session.scalars(query).all()


def opened(tools: Tools, row: Removal) -> RemovalDetails | None:
    """What the request says; None once it is erased."""
    if row.content_key is None or row.details is None:
        return None
    return loaded(open_text(key_of(tools.room.keys, row), row.details, _about(row)))


def save_details(tools: Tools, row: Removal, details: RemovalDetails) -> None:
    row.details = seal_text(key_of(tools.room.keys, row), dumped(details), _about(row))


def _about(row: Removal) -> str:
    return f"removal {row.id} details"
