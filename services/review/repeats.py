"""Pictures that came before: each photo's print is compared with those of other open reports and sightings, and
officers are told. Nothing is refused: a witness sends the poster's own photo, and a worried family sends twice."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import imagehash
from PIL import Image
from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from services.review.candidates.models import Sighting
from services.review.cases.models import Case
from services.review.cases.rules import OPEN
from services.review.people.rules import Actor, may
from services.review.photo_models import Photo
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import RoomKeys, decrypt, encrypt

KEPT_FOR = timedelta(days=90)
PRINTS = "picture prints"
NEAR = 6
"""Of 64 bits. The same picture made smaller, greyer, brighter or saved anew differs by at most 6; other portraits by 16
and more (docs/decisions/0060)."""


@dataclass(frozen=True)
class Repeat:
    """That a picture is also elsewhere. `first` is where it came first (None: here, or this officer may not read it,
    or it is erased), `before` whether that was before, `others` in how many other reports and sightings it is."""

    first: Case | Sighting | None
    before: bool
    others: int

    @property
    def case(self) -> Case | None:
        return self.first if isinstance(self.first, Case) else None


def print_of(keys: RoomKeys, data: bytes, about: str) -> bytes | None:
    """A picture's print (dHash, 64 bits), encrypted under a key that only this room can make. None for what is no
    picture: that loses no report."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("L", (256, 256))
            bits = imagehash.dhash(picture)
    except OSError:
        return None
    return encrypt(keys.derived(PRINTS), int(str(bits), 16).to_bytes(8), about)


def note(work: Work, tools: Tools, photo: Photo) -> None:
    """Notes which photo had this picture first, of those that are open and came within KEPT_FOR from somebody else."""
    if photo.picture_print is None:
        return
    mine = _bits(tools.room.keys, photo.picture_print, photo.id)
    rows = work.session.execute(_prints(photo, work.now - KEPT_FOR)).all()
    here = {row.id for row in rows}
    for row in rows:
        if row.repeats_id in here:
            continue  # the same picture as one that is compared itself
        if (_bits(tools.room.keys, row.picture_print, row.id) ^ mine).bit_count() <= NEAR:
            photo.repeats_id = row.repeats_id or row.id
            return


def of(session: Session, actor: Actor, photos: Iterable[Photo]) -> Mapping[str, Repeat]:
    """For each of these photos whose picture is elsewhere too, by its id, what this officer may know of it."""
    looked_at = [photo for photo in photos if photo.blob]
    places = _places(session, {_first(photo) for photo in looked_at})
    return {
        photo.id: Repeat(_readable(session, actor, photo.repeats_id), photo.repeats_id is not None, others)
        for photo in looked_at
        if (others := places.get(_first(photo), 1) - 1) or photo.repeats_id
    }


def tidy(tools: Tools) -> None:
    """Forgets the prints that are older than KEPT_FOR."""
    with tools.room.bus.work() as work:
        old = select(Photo.id).where(Photo.picture_print.is_not(None), Photo.printed_at < work.now - KEPT_FOR)
        work.session.execute(update(Photo).where(Photo.id.in_(old)).values(picture_print=None))


def _prints(photo: Photo, since: datetime) -> Select[tuple[str, bytes, str | None]]:
    """What a photo is compared with, the oldest first. Probes of children in care are not among them."""
    of_case = select(Case.id).where(Case.state.in_(OPEN), Case.id != (photo.case_id or ""))
    public = (Sighting.content_key.is_not(None), Sighting.probed_by.is_(None), Sighting.id != (photo.sighting_id or ""))
    of_sighting = select(Sighting.id).where(*public)
    query = select(Photo.id, Photo.picture_print, Photo.repeats_id).where(
        Photo.picture_print.is_not(None), Photo.printed_at >= since, Photo.id != photo.id,
        or_(Photo.case_id.in_(of_case), Photo.sighting_id.in_(of_sighting)),
    )  # fmt: skip
    return query.order_by(Photo.printed_at, Photo.id)


def _places(session: Session, firsts: set[str]) -> dict[str, int]:
    """In how many reports and sightings each of these pictures is that are not erased, by its first photo's id."""
    first = func.coalesce(Photo.repeats_id, Photo.id)
    place = func.coalesce(Photo.case_id, Photo.sighting_id)
    query = select(first, func.count(place.distinct())).where(
        or_(Photo.id.in_(firsts), Photo.repeats_id.in_(firsts)), Photo.blob.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(first))}


def _readable(session: Session, actor: Actor, photo_id: str | None) -> Case | Sighting | None:
    """What a photo belongs to, if this officer may read that and it is not erased."""
    photo = session.get(Photo, photo_id) if photo_id else None
    if photo is None or photo.blob is None:
        return None
    if photo.case_id:
        case = session.get_one(Case, photo.case_id)
        return case if may(actor, "case.read", case.region, case.id) else None
    sighting = session.get_one(Sighting, photo.sighting_id)
    return sighting if may(actor, "sighting.read", sighting.region) else None


def _first(photo: Photo) -> str:
    return photo.repeats_id or photo.id


def _bits(keys: RoomKeys, sealed: bytes, about: str) -> int:
    return int.from_bytes(decrypt(keys.derived(PRINTS), sealed, about))
