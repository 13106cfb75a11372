"""Reads the counts and times that insight is made of. No row of it names a person or a case."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.review.audit_models import AuditRow
from services.review.candidates.models import Candidate, DecisionRow
from services.review.candidates.rules import FINAL, UNDECIDED
from services.review.cases.models import Case
from services.review.drafts import store as drafts
from services.review.drafts.models import Draft
from services.review.tools import Tools

CASES = ("submitted", "in_verification", "returned")
DRAFTS = ("draft", "pending", "returned")


def waiting(session: Session) -> dict[str, dict[str, int]]:
    """What waits, by kind and state."""
    return {
        "cases": _count(session, Case, CASES),
        "candidates": _count(session, Candidate, UNDECIDED),
        "drafts": _count(session, Draft, DRAFTS),
    }


def _count(session: Session, table: type[Case | Candidate | Draft], states: Sequence[str]) -> dict[str, int]:
    query = select(table.state, func.count()).where(table.state.in_(states)).group_by(table.state)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {state: found.get(state, 0) for state in states}


def registered(session: Session, since: datetime) -> list[tuple[datetime, datetime]]:
    """When each case was opened, and when registered first."""
    first = func.min(AuditRow.at)
    query = select(Case.opened_at, first).join(AuditRow, AuditRow.subject_id == Case.id)
    query = query.where(AuditRow.act == "case.register", AuditRow.refused.is_(False)).group_by(Case.id, Case.opened_at)
    return [(opened, at) for opened, at in session.execute(query.having(first >= since))]


def decided(session: Session, since: datetime) -> list[tuple[datetime, datetime]]:
    """When each candidate that is decided came, and when its last decision was made."""
    last = func.max(DecisionRow.at)
    query = select(Candidate.made_at, last).join(DecisionRow, DecisionRow.candidate_id == Candidate.id)
    query = query.where(Candidate.state.in_(FINAL)).group_by(Candidate.id, Candidate.made_at).having(last >= since)
    return [(made, at) for made, at in session.execute(query)]


def approved(session: Session, since: datetime) -> list[tuple[datetime, datetime]]:
    """When each approved version was last sent for approval, and when approved."""
    last = func.max(AuditRow.at)
    query = select(last, Draft.approved_at).join(AuditRow, AuditRow.subject_id == Draft.id)
    query = query.where(
        AuditRow.act.in_(("draft.submit", "draft.extend")), AuditRow.refused.is_(False), Draft.approved_at >= since
    )
    return [(sent, at) for sent, at in session.execute(query.group_by(Draft.id, Draft.approved_at))]


def pairs(session: Session, since: datetime) -> list[tuple[str, str]]:
    """The first two outcomes of each candidate of which both are known: made without sight of each other."""
    query = select(DecisionRow.candidate_id, DecisionRow.outcome)
    query = query.join(Candidate, Candidate.id == DecisionRow.candidate_id).where(Candidate.made_at >= since)
    rows = session.execute(query.order_by(DecisionRow.candidate_id, DecisionRow.position))
    made = [[outcome for _, outcome in group] for _, group in groupby(rows, key=lambda row: row[0])]
    return [(outcomes[0], outcomes[1]) for outcomes in made if len(outcomes) > 1]


def live_by_region(session: Session, tools: Tools) -> Counter[str]:
    """How many live alerts each region has; Tests are none."""
    counts: Counter[str] = Counter()
    for draft in drafts.listed(session, ("live",)):
        fields = drafts.opened(session, tools, draft)
        if fields and not fields.test and (fields.expires is None or fields.expires > tools.room.clock()):
            counts.update(set(fields.regions))
    return counts


def spans(found: Sequence[tuple[datetime, datetime]]) -> list[timedelta]:
    return [max(end - begin, timedelta()) for begin, end in found]
