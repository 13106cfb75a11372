"""What a confirmed match sets off, asked for explicitly: the family's liaison officer, an alert, or neither."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import audit
from services.review.acting import about, allow
from services.review.candidates import store
from services.review.candidates.models import Candidate, FollowUp
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.drafts import acts as drafts
from services.review.drafts.schemas import Seen
from services.review.people import store as people
from services.review.people.models import Officer
from services.review.people.rules import Actor, may
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed

CHOICES = ("liaison", "draft", "neither")


@about("candidate", "candidate.follow")
def follow_up(
    work: Work, tools: Tools, actor: Actor, candidate_id: str, choices: Collection[str], liaison: str = ""
) -> None:
    """Chooses, once, what a confirmed match sets off: any of "liaison" and "draft", or "neither".

    `liaison` is the id of the officer who is asked to speak with the family. Raises NotAllowed: "wrong_state",
    "followed_already", "nothing_chosen", "unknown_liaison", or why no alert can be drafted.
    """
    candidate = store.locked(work.session, candidate_id)
    case = cases.get(work.session, candidate.case_id)
    allow(actor, "candidate.decide", case.region, case.id)
    _check(work, candidate, choices)
    row = FollowUp(candidate_id=candidate.id, chosen_by=actor.id, chosen_at=work.now)
    if "liaison" in choices:
        row.liaison = _liaison(work.session, case, liaison).id
    if "draft" in choices:
        row.draft_id = _draft(work, tools, actor, candidate)
    work.session.add(row)
    text = ", ".join(choice for choice in CHOICES if choice in choices)
    audit.record(work, tools, actor.id, "candidate.follow", Subject("candidate", candidate.id), text)


@about("candidate", "candidate.told")
def told(work: Work, tools: Tools, actor: Actor, candidate_id: str) -> None:
    """The liaison officer has spoken with the family; or, in their stead, one who decides on the case.

    Raises NotAllowed("not_permitted", "wrong_state").
    """
    candidate = store.locked(work.session, candidate_id)
    case = cases.get(work.session, candidate.case_id)
    allow(actor, "case.read", case.region, case.id)
    row = of(work.session, candidate.id)
    if row is None or row.liaison is None or row.told_at:
        raise NotAllowed("wrong_state", "nobody is asked to tell the family, or it has been told")
    if row.liaison != actor.id:
        allow(actor, "candidate.decide", case.region, case.id)
    row.told_at, row.told_by = work.now, actor.id
    audit.record(work, tools, actor.id, "candidate.told", Subject("candidate", candidate.id))


def of(session: Session, candidate_id: str) -> FollowUp | None:
    """What was chosen for a confirmed match; None as long as nothing was."""
    return session.get(FollowUp, candidate_id)


def waiting_for(session: Session, officer_id: str) -> Sequence[Candidate]:
    """The confirmed matches of which an officer is to tell the family, the oldest first. An ended case's are not."""
    query = select(Candidate).join(FollowUp).join(Case, Candidate.case_id == Case.id)
    query = query.where(FollowUp.liaison == officer_id, FollowUp.told_at.is_(None), Case.state == "registered")
    return session.scalars(query.order_by(FollowUp.chosen_at)).all()


def liaisons(session: Session, case: Case) -> list[Officer]:
    """Who may be asked to speak with the family: every officer who may read the case. Who registered it comes first."""
    able = [row for row in people.everyone(session) if _may_read(session, row.id, case)]
    return sorted(able, key=lambda row: row.id != case.registered_by)


def _may_read(session: Session, officer_id: str, case: Case) -> bool:
    actor = people.actor(session, officer_id)
    return actor is not None and may(actor, "case.read", case.region, case.id)


def _liaison(session: Session, case: Case, officer_id: str) -> Officer:
    for row in liaisons(session, case):
        if row.id == officer_id:
            return row
    raise NotAllowed("unknown_liaison", "the liaison officer is one who may read the case")


def _check(work: Work, candidate: Candidate, choices: Collection[str]) -> None:
    if candidate.state != "confirmed":
        raise NotAllowed("wrong_state", f"the candidate is {candidate.state}")
    if of(work.session, candidate.id):
        raise NotAllowed("followed_already", "it has been chosen what follows")
    if not set(choices) <= set(CHOICES) or not choices or ("neither" in choices and len(set(choices)) > 1):
        raise NotAllowed("nothing_chosen", f"any of liaison and draft, or neither; not {sorted(choices)}")


def _draft(work: Work, tools: Tools, actor: Actor, candidate: Candidate) -> str:
    """An alert drafted for the sighting's place and time; its id."""
    details = store.opened(tools, store.get_sighting(work.session, candidate.sighting_id))
    if details is None or details.point is None:
        raise NotAllowed("no_place", "the sighting has no place on the map")
    seen = Seen(details.seen_at, details.place, *details.point)
    return drafts.create_draft(work, tools, actor, candidate.case_id, {}, seen)
