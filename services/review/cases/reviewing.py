"""No case closes by itself. A missing child's case comes up for a review each year, and at the eighteenth birthday."""

from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select

from services.review import audit
from services.review.acting import about, allow
from services.review.cases import claiming, store
from services.review.cases.acts import needed
from services.review.cases.models import Case
from services.review.cases.rules import ADULT, age_on
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed

CLOCK = "clock"
EVERY_S = 3600.0
YEAR = timedelta(days=365)

Why = Literal["yearly", "eighteen"]


def why_due(born: date, since: datetime, now: datetime) -> Why | None:
    """Why a registered case is to be reviewed, None if it is not; `since` is its last review, or else its opening."""
    if age_on(born, since.date()) < ADULT <= age_on(born, now.date()):
        return "eighteen"
    return "yearly" if now - since >= YEAR else None


def why(tools: Tools, case: Case, now: datetime) -> Why | None:
    """Like `why_due`, of a case that `raise_due` has raised."""
    details = store.opened(tools, case)
    if case.review_due_at is None or case.state != "registered" or details is None:
        return None
    return why_due(details.child.born, case.reviewed_at or case.opened_at, now) or "yearly"


def raise_due(tools: Tools) -> None:
    """Raises each registered case whose review is due. The day of birth is sealed, so each one is opened."""
    with tools.room.bus.work() as work:
        waiting = Case.state == "registered", Case.review_due_at.is_(None), Case.content_key.is_not(None)
        ids = work.session.scalars(select(Case.id).where(*waiting)).all()
    for case_id in ids:
        _raise(tools, case_id)


def _raise(tools: Tools, case_id: str) -> None:
    with tools.room.bus.work() as work:
        case = store.locked(work.session, case_id)
        details = store.opened(tools, case)
        if case.state != "registered" or case.review_due_at is not None or details is None:
            return
        found = why_due(details.child.born, case.reviewed_at or case.opened_at, work.now)
        if found:
            case.review_due_at = work.now
            audit.record(work, tools, CLOCK, "case.review_due", Subject("case", case.id), found)


@about("case", "case.review")
def review(work: Work, tools: Tools, actor: Actor, case_id: str, note: str) -> None:
    """The case was looked at again and stays open; `note` says on what grounds. The next review is in a year.

    Raises NotAllowed: "not_permitted", "review_not_due", "reason_missing", "reason_too_long", "claimed_by_other".
    """
    case = store.locked(work.session, case_id)
    allow(actor, "case.register", case.region, case.id)
    if case.state != "registered" or case.review_due_at is None:
        raise NotAllowed("review_not_due", "no review is due")
    text = needed(note, "reason")
    claiming.work_on(case, actor, work.now)
    case.reviewed_at, case.review_due_at = work.now, None
    claiming.let_go(case)
    audit.record(work, tools, actor.id, "case.review", Subject("case", case.id), text)
