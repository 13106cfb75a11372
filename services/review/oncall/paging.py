"""Looks every few seconds for what cannot wait, and makes one page of each, with a call to everybody on its list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.review import audit
from services.review.candidates.models import Candidate, Sighting
from services.review.candidates.rules import UNDECIDED
from services.review.cases.models import Case
from services.review.drafts.models import Draft
from services.review.oncall import rules
from services.review.oncall.models import Call, OnCall, Page
from services.review.removals.models import Removal
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.config import Settings
from shared.keys import random_id

CLOCK = "clock"
EVERY_S = 10.0
AT_ONCE = 50


@dataclass(frozen=True)
class Cause:
    """What somebody is called for: the id of a row of that `kind`."""

    why: rules.Why
    kind: str
    id: str
    region: str | None


def notice(tools: Tools) -> int:
    """Makes a page of each new cause; answers how many. A cause is paged once, whatever becomes of it."""
    session, now = tools.room.bus.db.session(), tools.room.clock()
    found = any(True for _ in _causes(session, now, tools.room.settings))
    session.rollback()
    if not found:
        return 0
    with tools.room.bus.work() as work:
        causes = list(_causes(work.session, work.now, tools.room.settings))
        for cause in causes:
            _page(work, tools, cause)
    return len(causes)


def _page(work: Work, tools: Tools, cause: Cause) -> None:
    page = Page(id=random_id(), why=cause.why, subject_id=cause.id, region=cause.region, made_at=work.now)
    work.session.add(page)
    work.session.flush()
    reached = work.session.scalars(select(OnCall).where(*_covering(cause.region))).all()
    for row in reached:
        work.session.add(Call(page_id=page.id, on_call_id=row.id, state="due", tries=0, next_at=work.now))
    audit.record(work, tools, CLOCK, "oncall.page", Subject(cause.kind, cause.id), f"{cause.why} for {len(reached)}")


def _covering(region: str | None) -> list[ColumnElement[bool]]:
    """A place in no region concerns everybody on call."""
    if region is None:
        return []
    return [or_(OnCall.region == region, OnCall.region == region.split("-")[0])]


def _causes(session: Session, now: datetime, settings: Settings) -> Iterator[Cause]:
    old = now - rules.STALE_AFTER
    danger = select(Sighting.id, Sighting.region).where(
        Sighting.in_danger, Sighting.probed_by.is_(None), Sighting.content_key.is_not(None), Sighting.received_at > old
    )
    yield from _new(session, "in_danger", "sighting", danger, Sighting.id)
    candidates = select(Candidate.id, Case.region).join(Case, Candidate.case_id == Case.id)
    open_ones = candidates.where(Candidate.state.in_(UNDECIDED), Case.state == "registered", Candidate.made_at > old)
    strong = open_ones.where(Candidate.band == "very_strong")
    yield from _new(session, "very_strong", "candidate", strong, Candidate.id)
    undecided = open_ones.where(Candidate.made_at <= now - timedelta(minutes=settings.oncall_candidate_minutes))
    yield from _new(session, "candidate_waits", "candidate", undecided, Candidate.id)
    free = or_(Case.claimed_until.is_(None), Case.claimed_until <= now)
    reports = select(Case.id, Case.region).where(Case.state == "submitted", free, Case.opened_at > old)
    overdue = reports.where(Case.opened_at <= now - timedelta(minutes=settings.oncall_report_minutes))
    yield from _new(session, "report_waits", "case", overdue, Case.id)
    drafts = select(Draft.id, Case.region).join(Case, Draft.case_id == Case.id).where(Draft.state == "pending")
    unread = drafts.where(
        Draft.changed_at <= now - timedelta(minutes=settings.oncall_alert_minutes), Draft.changed_at > old
    )
    yield from _new(session, "alert_waits", "draft", unread, Draft.id)
    asked = select(Removal.id, Removal.region).where(Removal.state == "open", Removal.remind_at <= now)
    yield from _new(session, "removal_waits", "removal", asked, Removal.id)


def _new(
    session: Session, why: rules.Why, kind: str, wanted: Select[Any], id_: InstrumentedAttribute[str]
) -> Iterator[Cause]:
    paged = exists().where(Page.why == why, Page.subject_id == id_)
    for row in session.execute(wanted.where(~paged).limit(AT_ONCE)):
        yield Cause(why, kind, row[0], row[1])
