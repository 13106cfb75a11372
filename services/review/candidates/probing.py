"""An officer's probe: the photograph of a child in care is searched, with purpose and reference, through the gate.

A probe is a sighting that the desk made itself: it lives and is erased like one. Call these through `acting.perform`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.review import audit, photos
from services.review.acting import about, allow
from services.review.candidates import closing, store
from services.review.candidates.models import Sighting
from services.review.candidates.schemas import SightingDetails
from services.review.content import fresh_key
from services.review.people.rules import Actor
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import encrypt, random_id
from shared.messages import Point, SearchAsked
from shared.photos import CleanPhoto

PURPOSE = "officer_probe"


@dataclass(frozen=True)
class Probe:
    """What an officer says of a child in care. `purpose` is why it is searched, `reference` the file; `age` is how old
    the child seems, in years; `region` where it is."""

    purpose: str
    reference: str
    place: str
    region: str
    found_at: datetime
    lat: float | None = None
    lon: float | None = None
    age: float | None = None
    note: str = ""


@about("sighting", "probe.open")
def open_probe(
    work: Work, tools: Tools, actor: Actor, _new: str, probe: Probe, picture: CleanPhoto, faces: Sequence[Point]
) -> str:
    """Keeps the photo under a content key of its own; answers the probe's id. With one face it is searched at once,
    with several once `choose_face` says which is the child's: bystanders are never searched.

    Raises NotAllowed("not_permitted", "unknown_region", "no_face").
    """
    if not tools.regions.known(probe.region):
        raise NotAllowed("unknown_region", probe.region)
    allow(actor, "photo.search", probe.region)
    if not faces:
        raise NotAllowed("no_face", "there is no face in the photo")
    key, sealed = fresh_key(tools.room.keys)
    sighting = Sighting(
        id=random_id(), region=probe.region, in_danger=False, language="en", content_key=sealed,
        received_at=work.now, probed_by=actor.id,
    )  # fmt: skip
    told = SightingDetails(
        probe.found_at, probe.place, probe.lat, probe.lon, probe.note, None, probe.purpose, probe.reference
    )
    store.save_details(tools, sighting, told)
    work.session.add(sighting)
    work.session.flush()
    text = f"{probe.reference}\n\n{probe.purpose}"
    audit.record(work, tools, actor.id, "probe.open", Subject("sighting", sighting.id), text)
    photo = _keep(work, tools, sighting, key, picture, probe.age)
    if len(faces) == 1:
        _search(work, actor, photo, faces[0])
    else:
        closing.settle(work, sighting)
    return sighting.id


@about("sighting", "probe.face")
def choose_face(work: Work, tools: Tools, actor: Actor, sighting_id: str, face: Point) -> None:
    """Says which of several faces is the child's, once, and has it searched.

    Raises NotAllowed("not_found", "not_permitted", "erased", "wrong_state").
    """
    sighting = store.locked_sighting(work.session, sighting_id)
    allow(actor, "photo.search", sighting.region)
    if sighting.probed_by is None:
        raise NotAllowed("not_found", "it is no officer's probe")
    if sighting.content_key is None:
        raise NotAllowed("erased", "the probe has been erased")
    (photo,) = photos.of_sighting(work.session, sighting.id)
    if photo.faces is not None:
        raise NotAllowed("wrong_state", "the face is chosen")
    _search(work, actor, photo, face)
    audit.record(work, tools, actor.id, "probe.face", Subject("sighting", sighting.id))


def _search(work: Work, actor: Actor, photo: Photo, face: Point) -> None:
    photo.faces = [list(face)]
    work.publish(SearchAsked(photo.id, PURPOSE, actor.id))


def _keep(
    work: Work, tools: Tools, sighting: Sighting, key: bytes, picture: CleanPhoto, age: float | None
) -> Photo:  # fmt: skip
    name = f"sightings/{sighting.id}/{random_id()}-0"
    photo = Photo(
        id=random_id(), sighting_id=sighting.id, blob=name, position=0, digest=picture.digest, age=age,
        media_type=picture.media_type, width=picture.width, height=picture.height,
    )  # fmt: skip
    work.session.add(photo)
    work.session.flush()
    tools.room.blobs.put(name, encrypt(key, picture.data, name))
    return photo
