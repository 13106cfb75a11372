"""A case beyond its jurisdiction: opened to one officer for an hour, or transferred. Through `acting.perform`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import audit
from services.review.acting import about, allow
from services.review.cases import store as cases
from services.review.cases.rules import OPEN
from services.review.people import store
from services.review.people.models import Hour, Officer
from services.review.people.names import tidy
from services.review.people.rules import HOUR, ROLES, Actor, covers
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

LONGEST_REASON = 1000


def open_to(session: Session, officer_id: str, now: datetime) -> frozenset[str]:
    """Ids of the cases that are open to an officer for an hour, now."""
    query = select(Hour.case_id).where(Hour.officer_id == officer_id, Hour.begins_at <= now, Hour.ends_at > now)
    return frozenset(session.scalars(query))


def hours_of(session: Session, case_id: str) -> Sequence[Hour]:
    """Every hour of a case, the newest first."""
    return session.scalars(select(Hour).where(Hour.case_id == case_id).order_by(Hour.begins_at.desc())).all()


def officers_of(session: Session, region: str | None) -> list[Officer]:
    """Who reads the cases of a region by jurisdiction."""
    return [row for row in store.everyone(session) if not row.disabled and _reads(row) and _covers(row, region)]


def _reads(row: Officer) -> bool:
    return any("case.read" in ROLES.get(role, ()) for role in row.roles)


def _covers(row: Officer, region: str | None) -> bool:
    return "supervisor" in row.roles if region is None else covers(row.regions, region)


@about("case", "access.grant")
def grant_hour(work: Work, tools: Tools, actor: Actor, case_id: str, name: str, reason: str) -> None:
    """A supervisor opens a case to an officer from elsewhere, for an hour, with all that the officer's roles may do.

    Raises NotAllowed("unknown_officer", "sees_it_already", "reads_no_case", "reason_missing", "reason_too_long").
    """
    case = cases.locked(work.session, case_id)
    allow(actor, "access.grant", case.region)
    why = _reason(reason)
    officer = store.by_name(work.session, tidy(name))
    if officer is None or officer.disabled:
        raise NotAllowed("unknown_officer", "nobody of this name works here")
    if not _reads(officer):
        raise NotAllowed("reads_no_case", "this role reads no cases")
    if _covers(officer, case.region):
        raise NotAllowed("sees_it_already", "the case is in the officer's jurisdiction")
    hour = Hour(
        id=random_id(), case_id=case.id, officer_id=officer.id, granted_by=actor.id, begins_at=work.now,
        ends_at=work.now + HOUR,
    )  # fmt: skip
    work.session.add(hour)
    audit.record(work, tools, actor.id, "access.grant", Subject("case", case.id), f"{officer.name}\n\n{why}")


@about("case", "access.end")
def end_hour(work: Work, tools: Tools, actor: Actor, case_id: str, hour_id: str) -> None:
    """A supervisor closes an open hour before its time. Raises NotAllowed("not_found")."""
    case = cases.locked(work.session, case_id)
    allow(actor, "access.grant", case.region)
    hour = work.session.get(Hour, hour_id)
    if hour is None or hour.case_id != case.id:
        raise NotAllowed("not_found", f"no hour {hour_id}")
    hour.ends_at = min(hour.ends_at, work.now)
    name = store.get(work.session, hour.officer_id).name
    audit.record(work, tools, actor.id, "access.end", Subject("case", case.id), name)


@about("case", "case.transfer")
def transfer(work: Work, tools: Tools, actor: Actor, case_id: str, region: str, reason: str) -> None:
    """Another jurisdiction takes the case over, at once, with its candidates, alerts and record.

    Raises NotAllowed("wrong_state", "unknown_place", "same_region", "reason_missing", "reason_too_long").
    """
    case = cases.locked(work.session, case_id)
    allow(actor, "case.transfer", case.region)
    why, code = _reason(reason), region.strip().upper()
    if case.state not in OPEN:
        raise NotAllowed("wrong_state", f"the case is {case.state}")
    if not tools.regions.known(code):
        raise NotAllowed("unknown_place", "there is no such region")
    if code == case.region:
        raise NotAllowed("same_region", "the case is there already")
    before, case.region, case.changed_at = case.region, code, work.now
    text = f"{before or 'no region'} to {code}\n\n{why}"
    audit.record(work, tools, actor.id, "case.transfer", Subject("case", case.id), text)


def _reason(text: str) -> str:
    if not text.strip():
        raise NotAllowed("reason_missing", "a reason is needed")
    if len(text) > LONGEST_REASON:
        raise NotAllowed("reason_too_long", f"at most {LONGEST_REASON} characters")
    return text.strip()
