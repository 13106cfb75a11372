"""Which rows of the record are kept from somebody who is still to decide on a candidate."""

from sqlalchemy.orm import Session

from services.review.audit_models import AuditRow
from services.review.candidates import opinions
from services.review.candidates.models import Candidate
from services.review.people.rules import Actor
from services.review.tools import Tools

SECRET = frozenset({"candidate.judge", "candidate.decide"})


def is_secret(session: Session, tools: Tools, viewer: Actor, row: AuditRow) -> bool:
    """Whether a row tells another's judgement while decisions are still to be made without knowing it. It is kept
    from everybody then, so that nobody can pass it on; of a dispute, from those who are to settle it."""
    if row.act not in SECRET or row.actor == viewer.id:
        return False
    candidate = session.get(Candidate, row.subject_id)
    return candidate is not None and opinions.is_independent(session, tools, candidate, viewer)
