"""What a merge is: a link. The merged case keeps its own photos, record, keys and family, and points to the kept one.

Its family sees how the kept case stands. Its photos are the kept case's too, for as long as the link stands.
"""

from sqlalchemy.orm import Session

from services.review import photos
from services.review.cases import renewal, store
from services.review.cases.links import head, parts
from services.review.cases.models import Case
from services.review.cases.rules import may_register
from services.review.photo_models import Photo
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import random_id
from shared.messages import ForgetRequested


def to_enrol(session: Session, tools: Tools, case: Case) -> list[Photo]:
    """The photos that a registered case may be found by: its own, and those of each merged report that passed the
    same checklist. A report that nobody verified brings no photo into the gallery."""
    found = list(photos.seen_to(session, case.id))
    for part in parts(session, case):
        if verified(tools, case, part):
            found += photos.seen_to(session, part.id)
    return found


def verified(tools: Tools, case: Case, part: Case) -> bool:
    """Whether a report passed the checklist by itself, so that its photos may be enrolled for `case`."""
    details = store.opened(tools, part)
    if details is None:
        return False
    return not may_register(store.facts(part, details), case.registered_by or "whoever registers it")


def detach(work: Work, case: Case) -> None:
    """A merged case is on its own again: where its photos were enrolled for the kept one, that one is enrolled anew,
    under a new case key, without them. The caller has locked both."""
    kept = store.get(work.session, str(case.merged_into))
    case.merged_into = case.merged_at = case.merged_from = None
    lent = [photo for each in (case, *parts(work.session, case)) for photo in photos.of_case(work.session, each.id)]
    enrolled = any(photo.outcome == "enrolled" for photo in lent)
    for photo in lent:
        photo.outcome = None
    top = store.locked(work.session, head(work.session, kept).id)
    if top.state == "registered" and enrolled:
        work.publish(ForgetRequested(str(top.case_key)))
        top.case_key, top.enrolled_in = random_id(), None
        renewal.ask(work, top, renewal.wanted(work.session))
