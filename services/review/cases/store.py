"""Loads and saves cases; `details` go in and out through the case's content key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.review.cases.models import Case
from services.review.cases.rules import CaseFacts
from services.review.cases.schemas import Details, dumped, loaded
from services.review.content import key_of, open_text, seal_text
from services.review.people.rules import Actor
from services.review.people.store import covered
from services.review.tools import Tools
from shared.errors import NotAllowed


def get(session: Session, case_id: str) -> Case:
    """Raises NotAllowed("not_found")."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotAllowed("not_found", f"no case {case_id}")
    return case


def locked(session: Session, case_id: str) -> Case:
    """Like `get`, and nobody else changes it before this transaction ends."""
    session.get(Case, case_id, with_for_update=True, populate_existing=True)
    return get(session, case_id)


def by_key(session: Session, case_key: str) -> Case | None:
    """The case that the matcher now knows by `case_key`."""
    return session.scalar(select(Case).where(Case.case_key == case_key))


def held(session: Session, *wanted: ColumnElement[bool]) -> Sequence[Case]:
    """The cases that are `wanted`; none of them ends before this transaction does. Hold cases before sightings."""
    query = select(Case).where(*wanted).order_by(Case.id).with_for_update(read=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def by_number(session: Session, number: str) -> Case | None:
    """The case with the reference `number`, as HW-2026-000123."""
    return session.scalar(select(Case).where(Case.number == number.strip().upper()))


_NOT_IN_NUMBERS = re.compile(r"[^A-Z0-9-]")


@dataclass(frozen=True)
class Wanted:
    """Which cases to list: in any of `states` (None: all), opened before a time, with this in their number."""

    states: Sequence[str] | None = None
    opened_before: datetime | None = None
    number: str = ""
    limit: int = 100


def listed(session: Session, actor: Actor, wanted: Wanted) -> Sequence[Case]:
    """The wanted cases in the actor's jurisdiction, newest first."""
    query = select(Case).where(covered(Case.region, actor)).order_by(Case.opened_at.desc()).limit(wanted.limit)
    if wanted.states is not None:
        query = query.where(Case.state.in_(wanted.states))
    if wanted.opened_before:
        query = query.where(Case.opened_at < wanted.opened_before)
    if wanted.number:
        query = query.where(Case.number.contains(_NOT_IN_NUMBERS.sub("", wanted.number.upper())))
    return session.scalars(query).all()


def count_by_state(session: Session, actor: Actor) -> dict[str, int]:
    """How many cases of the actor's jurisdiction are in each state."""
    query = select(Case.state, func.count().label("cases")).where(covered(Case.region, actor)).group_by(Case.state)
    return {row.state: row.cases for row in session.execute(query)}


def due_for_erasure(session: Session, closed_before: datetime) -> Sequence[str]:
    """Ids of ended cases whose time for reopening is over."""
    query = select(Case.id).where(Case.content_key.is_not(None), Case.closed_at < closed_before)
    return session.scalars(query).all()


def next_number(session: Session, now: datetime) -> str:
    """The next reference for people, as HW-2026-000123: counted through the year."""
    year = now.astimezone(UTC).year
    opened = select(func.count()).select_from(Case).where(Case.number.startswith(f"HW-{year}-"))
    return f"HW-{year}-{(session.scalar(opened) or 0) + 1:06d}"


def opened(tools: Tools, case: Case) -> Details | None:
    """The personal part of a case; None once it is erased."""
    if case.content_key is None or case.details is None:
        return None
    return loaded(open_text(key_of(tools.room.keys, case), case.details, _about(case)))


def readable(tools: Tools, case: Case) -> Details:
    """Like `opened`. Raises NotAllowed("erased")."""
    details = opened(tools, case)
    if details is None:
        raise NotAllowed("erased", f"case {case.number} has been erased")
    return details


def save_details(tools: Tools, case: Case, details: Details) -> None:
    case.details = seal_text(key_of(tools.room.keys, case), dumped(details), _about(case))


def facts(case: Case, details: Details) -> CaseFacts:
    """What the gate's rule looks at. The age is counted on the UTC day of the last sight."""
    return CaseFacts(
        state=case.state,  # type: ignore[arg-type]
        registered_by=case.registered_by,
        born=details.child.born,
        last_seen_on=details.last_seen.at.astimezone(UTC).date(),
        checks=details.checks,
    )


def _about(case: Case) -> str:
    return f"case {case.id} details"
