"""Photographs in review: kept encrypted under their owner's content key, locked when the case has ended."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import repeats, rows
from services.review.candidates.models import Candidate, Sighting
from services.review.cases.links import head, parts
from services.review.cases.models import Case
from services.review.cases.rules import ENDED
from services.review.content import key_of
from services.review.people.rules import Actor, may
from services.review.photo_models import Photo
from services.review.tools import Tools
from shared.blobs import hand_over, take
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import decrypt, encrypt, random_id
from shared.messages import PhotoRef


def keep(work: Work, tools: Tools, ref: PhotoRef, key: bytes, its: Case | Sighting, position: int) -> Photo:
    """Takes a transit copy in for a case or sighting, re-encrypted under its content key, and marks a picture that came
    before.

    The name comes from the message, so that doing it again overwrites; the transit copy goes once all is committed.
    """
    folder = "cases" if isinstance(its, Case) else "sightings"
    name = f"{folder}/{its.id}/{work.message_id or random_id()}-{position}"
    data = take(tools.room.incoming, ref)
    tools.room.blobs.put(name, encrypt(key, data, name))
    work.after_commit(lambda: tools.room.incoming.delete(ref.blob))
    photo = Photo(
        id=random_id(), blob=name, position=position, digest=ref.digest, media_type=ref.media_type,
        width=ref.width, height=ref.height, printed_at=work.now,
    )  # fmt: skip
    photo.case_id, photo.sighting_id = (its.id, None) if isinstance(its, Case) else (None, its.id)
    photo.picture_print = repeats.print_of(tools.room.keys, data, photo.id)
    repeats.note(work, tools, photo)
    work.session.add(photo)
    return photo


def get(session: Session, photo_id: str) -> Photo:
    """Raises NotAllowed("not_found")."""
    return rows.found(session, Photo, photo_id, "photo")


def of_case(session: Session, case_id: str) -> Sequence[Photo]:
    """A case's photos in the family's order."""
    return session.scalars(select(Photo).where(Photo.case_id == case_id).order_by(Photo.position)).all()


def seen_to(session: Session, case_id: str) -> Sequence[Photo]:
    """Those of a case's photos that count: not what came later and that no officer has looked at."""
    return [photo for photo in of_case(session, case_id) if not photo.waits]


def of_child(session: Session, case: Case) -> list[Photo]:
    """A case's photos, and those of the cases that were merged into it."""
    return [photo for each in (case, *parts(session, case)) for photo in of_case(session, each.id)]


def are_locked(session: Session, case: Case) -> bool:
    """Whether nobody may look at a case's photos any more: it has ended, or the one that it is part of has."""
    return head(session, case).state in ENDED


def of_sighting(session: Session, sighting_id: str) -> Sequence[Photo]:
    """A sighting's photos in the sender's order."""
    return session.scalars(select(Photo).where(Photo.sighting_id == sighting_id).order_by(Photo.position)).all()


def plain(session: Session, tools: Tools, photo: Photo) -> bytes:
    """The picture's bytes. Raises NotAllowed("erased"), BlobMissing, SealBroken."""
    its = owner(session, photo)
    if photo.blob is None:
        raise NotAllowed("erased", "the photo has been erased")
    return decrypt(key_of(tools.room.keys, its), tools.room.blobs.get(photo.blob), photo.blob)


def for_officer(session: Session, tools: Tools, actor: Actor, photo_id: str) -> bytes:
    """The picture's bytes for an officer's eyes.

    A sighting's photo is also for those who decide on a candidate that it led to, wherever it was taken; a merged
    case's for those who work on the case that it is part of.
    Raises NotAllowed: "not_found", "not_permitted", "erased", or "photo_locked" once its case has ended.
    """
    photo = get(session, photo_id)
    its = owner(session, photo)
    own = (its.region, its.id if isinstance(its, Case) else None)
    if not any(may(actor, "photo.read", *place) for place in (own, *_cases_concerned(session, photo))):
        raise NotAllowed("not_permitted", f"photo.read in {its.region or 'no region'}")
    if photo.blob is None:
        raise NotAllowed("erased", "the photo has been erased")
    if isinstance(its, Case) and are_locked(session, its):
        raise NotAllowed("photo_locked", f"the case is {its.state}")
    return plain(session, tools, photo)


def _cases_concerned(session: Session, photo: Photo) -> list[tuple[str | None, str]]:
    """Region and id of the registered cases that a sighting's photo became a candidate for, or of the case that a
    merged one is part of."""
    if photo.case_id is not None:
        top = head(session, session.get_one(Case, photo.case_id))
        return [(top.region, top.id)]
    query = select(Case.region, Case.id).join(Candidate, Candidate.case_id == Case.id)
    query = query.where(Candidate.photo_id == photo.id, Case.state == "registered", Case.region.is_not(None))
    return [(row.region, row.id) for row in session.execute(query)]


def pass_on(session: Session, tools: Tools, photo: Photo, receiver: str) -> PhotoRef:
    """Hands a transit copy, under a key of its own, to another room."""
    return hand_over(
        tools.room.outgoing(receiver), plain(session, tools, photo), media_type=photo.media_type,
        width=photo.width, height=photo.height,
    )  # fmt: skip


def forget(work: Work, tools: Tools, photos: Sequence[Photo]) -> None:
    """Erases photos: their blobs after the commit, all that describes them at once."""
    for photo in photos:
        if photo.blob:
            work.after_commit(lambda name=photo.blob: tools.room.blobs.delete(name))  # type: ignore[misc]
        photo.blob = photo.digest = photo.taken = photo.age = None
        photo.picture_print = photo.repeats_id = photo.printed_at = None
        photo.face = photo.faces = photo.quality = photo.advice = photo.found = None


def owner(session: Session, photo: Photo) -> Case | Sighting:
    """The case or sighting that a photo belongs to. Raises NotAllowed("not_found")."""
    its = session.get(Case, photo.case_id) if photo.case_id else session.get(Sighting, photo.sighting_id)
    if its is None:
        raise NotAllowed("not_found", f"photo {photo.id} belongs to nothing")
    return its
