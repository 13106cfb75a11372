"""A duplicate check: a case's photos are compared with the registered missing minors, through the gate, as a purpose of
its own. What it finds stands beside the case as a pair; it is no candidate, and nobody confirms an identity by it.

Call `ask` through `acting.perform`.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import audit, photos
from services.review.acting import about, allow
from services.review.candidates.models import Search
from services.review.cases import pairs, store
from services.review.cases.models import Case
from services.review.cases.rules import ENDED
from services.review.people.rules import Actor
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.messages import Band, ProbeClosed, SearchAsked, SearchCompleted

PURPOSE: Final = "duplicate_check"
MOST_PHOTOS = 3
"""Of one case in one check: those in which the face is seen best."""
SHOWN: frozenset[Band] = frozenset({"very_strong", "strong", "moderate"})
MATCHER = "matcher"


@about("case", "case.faces")
def ask(work: Work, tools: Tools, actor: Actor, case_id: str) -> None:
    """Asks the gate to have an open case's photos compared with the registered children.

    Raises NotAllowed: "not_permitted", "photo_locked", "no_photos", "being_compared".
    """
    case = store.locked(work.session, case_id)
    allow(actor, "photo.search", case.region, case.id)
    if case.state in ENDED:
        raise NotAllowed("photo_locked", f"the case is {case.state}")
    if any(search.state == "asked" for search in latest(work.session, case.id)):
        raise NotAllowed("being_compared", "the photos are being compared")
    chosen = best(photos.of_case(work.session, case.id))
    if not chosen:
        raise NotAllowed("no_photos", "the case has no photo")
    for photo in chosen:
        work.publish(SearchAsked(photo.id, PURPOSE, actor.id))
    audit.record(work, tools, actor.id, "case.faces", Subject("case", case.id), f"{len(chosen)} photos")


def best(own: Sequence[Photo]) -> list[Photo]:
    """At most MOST_PHOTOS, those of the best known quality first, then in the family's order."""
    there = [photo for photo in own if photo.blob]
    return sorted(there, key=lambda photo: (-(photo.quality or 0.0), photo.position))[:MOST_PHOTOS]


def latest(session: Session, case_id: str) -> list[Search]:
    """The latest duplicate check of each of a case's photos."""
    query = select(Search).join(Photo, Search.photo_id == Photo.id).where(Photo.case_id == case_id)
    found = session.scalars(query.where(Search.purpose == PURPOSE).order_by(Search.asked_at)).all()
    return list({search.photo_id: search for search in found}.values())


def completed(message: SearchCompleted, search: Search, work: Work, tools: Tools) -> None:
    """Notes whom the child resembles, never the case itself. The matcher erases the probe at once and
    learns no pair of it: no officer has said who it is."""
    photo = photos.get(work.session, search.photo_id)
    case = store.locked(work.session, str(photo.case_id))
    ranked = {each.case_key: each for each in message.candidates if each.band in SHOWN}
    made = 0
    if case.state not in ENDED:
        photo.found = [list(box) for box in message.found]
        for other in work.session.scalars(select(Case).where(Case.case_key.in_(ranked), Case.state == "registered")):
            if other.id != case.id:
                made += _note(work, case, other, ranked[str(other.case_key)].band, ranked[str(other.case_key)].score)
    if message.candidates:
        work.publish(ProbeClosed(search.id, "inconclusive", None))
    search.state = "closed"
    audit.record(work, tools, MATCHER, "search.completed", Subject("photo", photo.id), f"{made} children alike")


def _note(work: Work, case: Case, other: Case, band: Band, score: float) -> int:
    pair = pairs.kept(work, case.id, other.id)
    if pair.score is None or score > pair.score:
        pair.band, pair.score = band, score
    work.session.flush()
    return 1
