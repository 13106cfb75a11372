"""Loads and saves cases; `details` go in and out through the case's content key."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services.review import rows
from services.review.cases import letters
from services.review.cases.links import head
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
    return rows.found(session, Case, case_id, "case")


def locked(session: Session, case_id: str) -> Case:
    """Like `get`, and nobody else changes it before this transaction ends."""
    return rows.locked(session, Case, case_id, "case")


def locked_with_head(session: Session, case_id: str) -> tuple[Case, Case]:
    """A case and the one that it is part of in the end, or itself: both locked, in the order of their ids."""
    for id_ in sorted({case_id, head(session, get(session, case_id)).id}):
        locked(session, id_)
    case = get(session, case_id)
    return case, head(session, case)


def by_key(session: Session, case_key: str) -> Case | None:
    """The case that the matcher now knows by `case_key`."""
    return session.scalar(select(Case).where(Case.case_key == case_key))


def by_receipt(session: Session, receipt_id: str) -> Case | None:
    """The case of the report with this receipt; None if there is none or it is erased."""
    return session.scalar(select(Case).where(Case.receipt_id == receipt_id))


def held(session: Session, *wanted: ColumnElement[bool]) -> Sequence[Case]:
    """The cases that are `wanted`; none of them ends before this transaction does. Hold cases before sightings."""
    query = select(Case).where(*wanted).order_by(Case.id).with_for_update(read=True)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def by_number(session: Session, number: str) -> Case | None:
    """The case with the reference `number`, as HW-2026-000123."""
    return session.scalar(select(Case).where(Case.number == number.strip().upper()))


_NOT_IN_NUMBERS = re.compile(r"[^A-Z0-9-]")


def number_of(written: str) -> str:
    """What of a text can stand in a case's number."""
    return _NOT_IN_NUMBERS.sub("", written.upper())


@dataclass(frozen=True)
class Wanted:
    """Which cases to list: in any of `states` (None: all), opened before a time, in a region or what it holds, with
    this in their number, claimed by an officer or free at a time, due for a review, or with
    letters that nobody has read, its own or those of a case that is part of it."""

    states: Sequence[str] | None = None
    opened_before: datetime | None = None
    number: str = ""
    region: str = ""
    claimed_by: str | None = None
    now: datetime | None = None
    free_at: datetime | None = None
    review_due: bool = False
    unread: bool = False
    oldest_first: bool = False
    limit: int = 100


def listed(session: Session, actor: Actor, wanted: Wanted) -> Sequence[Case]:
    """The wanted cases in the actor's jurisdiction, newest first unless `oldest_first`."""
    order = Case.opened_at if wanted.oldest_first else Case.opened_at.desc()
    query = select(Case).where(covered(Case.region, actor), *_conditions(wanted)).order_by(order, Case.id)
    return session.scalars(query.limit(wanted.limit)).all()


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.states is not None:
        yield Case.state.in_(wanted.states)
    if wanted.opened_before:
        yield Case.opened_at < wanted.opened_before
    if wanted.number:
        yield Case.number.contains(number_of(wanted.number))
    if wanted.region:
        yield or_(Case.region == wanted.region, Case.region.startswith(f"{wanted.region}-", autoescape=True))
    if wanted.claimed_by and wanted.now:
        yield and_(Case.claimed_by == wanted.claimed_by, Case.claimed_until > wanted.now)
    if wanted.free_at:
        yield or_(Case.claimed_until.is_(None), Case.claimed_until <= wanted.free_at)
    if wanted.review_due:
        yield Case.review_due_at.is_not(None)
    if wanted.unread:
        yield Case.id.in_(letters.unread_cases())


def count_by_state(session: Session, actor: Actor) -> dict[str, int]:
    """How many cases of the actor's jurisdiction are in each state."""
    query = select(Case.state, func.count().label("cases")).where(covered(Case.region, actor)).group_by(Case.state)
    return {row.state: row.cases for row in session.execute(query)}


def due_for_erasure(session: Session, closed_before: datetime) -> Sequence[str]:
    """Ids of ended cases whose time for reopening is over, and that the law does not hold."""
    kept_no_longer = (Case.content_key.is_not(None), Case.closed_at < closed_before, Case.held_at.is_(None))
    query = select(Case.id).where(*kept_no_longer)
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
