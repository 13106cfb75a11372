"""Who works on a case: one officer at a time, in sight of all, and not for longer than the work goes on.

Call the acts through `acting.perform`. What ends a case (closing, withdrawing) waits for nobody's claim.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.review import audit
from services.review.acting import about, allow
from services.review.cases import store
from services.review.cases.models import Case
from services.review.cases.rules import ENDED
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed

LASTS = timedelta(minutes=30)
"""From the holder's last act on the case."""
LONGEST_REASON = 500


@dataclass(frozen=True)
class Holder:
    """The officer (an id) who works on a case, and until when if they do nothing more."""

    officer: str
    until: datetime


def holder(case: Case, now: datetime) -> Holder | None:
    """Who works on the case now; None if nobody does."""
    if case.claimed_by is None or case.claimed_until is None or case.claimed_until <= now:
        return None
    return Holder(case.claimed_by, case.claimed_until)


def work_on(case: Case, actor: Actor, now: datetime) -> None:
    """The actor works on the case: nobody else does for the next 30 minutes.

    Raises NotAllowed("claimed_by_other"). The caller has locked the case and asked whether the actor may.
    """
    held = holder(case, now)
    if held is not None and held.officer != actor.id:
        raise NotAllowed("claimed_by_other", f"another officer holds it until {held.until:%H:%M} UTC")
    case.claimed_by, case.claimed_until = actor.id, now + LASTS


def let_go(case: Case) -> None:
    """Nobody works on the case any more."""
    case.claimed_by = case.claimed_until = None


@about("case", "case.claim")
def claim(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str = "") -> None:
    """Takes the case, or keeps it for another 30 minutes. From another officer it is taken over with a `reason`.

    Raises NotAllowed: "not_permitted", "closed", "claimed_by_other" (no reason was given), "reason_too_long".
    """
    case = store.locked(work.session, case_id)
    allow(actor, "case.check", case.region, case.id)
    if case.state in ENDED:
        raise NotAllowed("closed", f"the case is {case.state}")
    if len(reason) > LONGEST_REASON:
        raise NotAllowed("reason_too_long", f"at most {LONGEST_REASON} characters")
    held, said = holder(case, work.now), ""
    if held is not None and held.officer != actor.id and reason.strip():
        said = reason.strip()
        let_go(case)
    work_on(case, actor, work.now)
    if held is None or held.officer != actor.id:
        audit.record(work, tools, actor.id, "case.claim", Subject("case", case.id), said)


@about("case", "case.release")
def release(work: Work, tools: Tools, actor: Actor, case_id: str) -> None:
    """Gives the case back to the queue. Raises NotAllowed("not_permitted", "not_claimed")."""
    case = store.locked(work.session, case_id)
    allow(actor, "case.check", case.region, case.id)
    held = holder(case, work.now)
    if held is None or held.officer != actor.id:
        raise NotAllowed("not_claimed", "the actor does not hold it")
    let_go(case)
    audit.record(work, tools, actor.id, "case.release", Subject("case", case.id))
