"""How an officer marks the faces that are to be compared: the child among several, or others that the sender did not.

Call `mark` through `acting.perform`. What is not marked is never compared.
"""

from collections.abc import Sequence

from services.review import audit, photos
from services.review.acting import about, allow
from services.review.candidates import store as sightings
from services.review.candidates.models import Sighting
from services.review.cases import renewal
from services.review.cases import store as cases
from services.review.cases.links import head
from services.review.cases.models import Case
from services.review.people.rules import Actor
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.boxes import reaches
from shared.bus import Work
from shared.errors import NotAllowed
from shared.messages import Point, SearchAsked

OLDEST = 130


@about("photo", "photo.mark")
def mark(
    work: Work, tools: Tools, actor: Actor, photo_id: str, faces: Sequence[Point], age: float | None = None
) -> None:
    """Marks `faces` in a photo, instead of those marked before, and has it searched (or, of a case, enrolled) so.

    `age` is about how old the sighted child is, None: unknown. Raises NotAllowed: "not_permitted", "erased",
    "photo_locked", "nothing_marked", "no_face_there", "bad_age"; of a case "one_child", "already_enrolled".
    """
    photo = photos.get(work.session, photo_id)
    owner = photos.owner(work.session, photo)
    allow(actor, "photo.mark", owner.region, owner.id if isinstance(owner, Case) else None)
    if owner.content_key is None or photo.blob is None:
        raise NotAllowed("erased", "the photo has been erased")
    chosen = _on_faces(photo, faces)
    if isinstance(owner, Case):
        _mark_child(work, cases.locked(work.session, owner.id), photo, chosen)
    else:
        _mark_sighted(work, actor, sightings.locked_sighting(work.session, owner.id), photo, chosen, age)
    text = f"{len(chosen)} faces marked" + (f", about {age:g} years old" if age is not None else "")
    audit.record(work, tools, actor.id, "photo.mark", Subject("photo", photo.id), text)


def _on_faces(photo: Photo, faces: Sequence[Point]) -> list[list[float]]:
    """The points, each on a face that the matcher saw."""
    if not faces:
        raise NotAllowed("nothing_marked", "no face is marked")
    if not all(any(reaches(box, point) for box in photo.found or ()) for point in faces):
        raise NotAllowed("no_face_there", "a mark is on no face that was found")
    return [list(point) for point in dict.fromkeys(faces)]


def _mark_child(work: Work, case: Case, photo: Photo, chosen: list[list[float]]) -> None:
    if photos.are_locked(work.session, case):
        raise NotAllowed("photo_locked", f"the case is {case.state}")
    if len(chosen) != 1:
        raise NotAllowed("one_child", "a case is of one child")
    if photo.outcome == "enrolled":
        raise NotAllowed("already_enrolled", "the photo has its template")
    photo.face, photo.outcome = chosen[0], None
    enrolled_for = head(work.session, case)
    if enrolled_for.state == "registered":
        renewal.ask(work, enrolled_for, renewal.wanted(work.session))


def _mark_sighted(
    work: Work, actor: Actor, sighting: Sighting, photo: Photo, chosen: list[list[float]], age: float | None
) -> None:
    if age is not None and not 0 <= age <= OLDEST:
        raise NotAllowed("bad_age", f"{age} is no age")
    if sighting.probed_by:
        allow(actor, "photo.search", sighting.region)
    photo.faces, photo.age = chosen, age
    sighting.expires_at = None
    work.publish(SearchAsked(photo.id, "officer_probe" if sighting.probed_by else "sighting_triage", actor.id))
