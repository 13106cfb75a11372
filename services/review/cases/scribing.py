"""Reports that officers write down for a family: by telephone, at the counter, from another service. And photos that
come later. A family without the form has no tracking code: what it is to hear, it hears by telephone.

Call these through `acting.perform`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from services.review import audit, photos
from services.review.acting import about, allow
from services.review.cases import claiming, opening, renewal, store
from services.review.cases.models import Case
from services.review.cases.rules import ENDED
from services.review.cases.schemas import Details
from services.review.content import key_of
from services.review.people.rules import Actor
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import encrypt, random_id
from shared.messages import Child, LastSeen, Reporter
from shared.photos import CleanPhoto

How = Literal["telephone", "counter", "service"]
HOWS: tuple[How, ...] = get_args(How)
MOST_PHOTOS = 10


@dataclass(frozen=True)
class Dictated:
    """What an officer wrote down. `how` it reached the desk; `language` the family's."""

    how: How
    child: Child
    last_seen: LastSeen
    reporter: Reporter
    language: str = "en"


@about("case", "case.file")
def file_report(
    work: Work, tools: Tools, actor: Actor, _new: str, report: Dictated, pictures: Sequence[CleanPhoto]
) -> str:
    """Opens a case as the families' door would; its scribe works on it from now on. Answers the case's id.

    Raises NotAllowed("not_permitted") for a place outside the actor's jurisdiction.
    """
    allow(actor, "case.start", tools.regions.first(report.last_seen.lat, report.last_seen.lon))
    details = Details(report.child, report.last_seen, report.reporter)
    case, key = opening.open_case(work, tools, details, report.language)
    case.filed_by, case.filed_how = actor.id, report.how
    claiming.work_on(case, actor, work.now)
    for position, picture in enumerate(pictures):
        _keep(work, tools, case, key, picture, position)
    audit.record(work, tools, actor.id, "case.file", Subject("case", case.id), report.how)
    return case.id


@about("case", "case.photo")
def add_photo(work: Work, tools: Tools, actor: Actor, case_id: str, picture: CleanPhoto) -> None:
    """Adds a photo that the family handed over later; of a registered case it is enrolled.

    Raises NotAllowed: "not_permitted", "photo_locked", "known_photo", "too_many_photos", "claimed_by_other".
    """
    case = store.locked(work.session, case_id)
    allow(actor, "case.check", case.region, case.id)
    if case.state in ENDED:
        raise NotAllowed("photo_locked", f"the case is {case.state}")
    claiming.work_on(case, actor, work.now)
    own = photos.of_case(work.session, case.id)
    if any(photo.digest == picture.digest for photo in own):
        raise NotAllowed("known_photo", "the case has this photo")
    if len(own) >= MOST_PHOTOS:
        raise NotAllowed("too_many_photos", f"at most {MOST_PHOTOS}")
    _keep(work, tools, case, key_of(tools.room.keys, case), picture, len(own), later=True)
    if case.state == "registered":
        renewal.ask(work, case, renewal.wanted(work.session))
    audit.record(work, tools, actor.id, "case.photo", Subject("case", case.id))


def _keep(
    work: Work, tools: Tools, case: Case, key: bytes, picture: CleanPhoto, position: int, *, later: bool = False
) -> None:
    name = f"cases/{case.id}/{random_id()}-{position}"
    tools.room.blobs.put(name, encrypt(key, picture.data, name))
    work.session.add(
        Photo(
            id=random_id(), case_id=case.id, blob=name, position=position, digest=picture.digest,
            media_type=picture.media_type, width=picture.width, height=picture.height,
            added_at=work.now if later else None,
        )
    )  # fmt: skip
    work.session.flush()
