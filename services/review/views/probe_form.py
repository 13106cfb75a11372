"""What an officer sends with the photograph of a child in care, as a page's form or as a program's JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext
from marshmallow import ValidationError

from services.review.candidates.aligning import Aligner
from services.review.candidates.probing import Probe
from services.review.people.rules import Actor
from services.review.views.context import now
from shared.messages import Point
from shared.photos import CleanPhoto, PhotoError, clean, pixels
from shared.schema import between, longest, schema_for

REQUEST_LIMIT = 22 * 1024 * 1024
"""One photo of 20 MB and what is written around it."""


@dataclass(frozen=True)
class SentProbe:
    """A probe as it is sent. Without a region it is the officer's own, where there is only one."""

    purpose: str = field(metadata=longest(2000))
    reference: str = field(metadata=longest(200))
    place: str = field(metadata=longest(400))
    region: str = field(default="", metadata=longest(12))
    found_at: datetime | None = None
    lat: float | None = field(default=None, metadata=between(-90, 90))
    lon: float | None = field(default=None, metadata=between(-180, 180))
    age: float | None = field(default=None, metadata=between(0, 130))
    note: str = field(default="", metadata=longest(4000))


GIVEN = schema_for(SentProbe)
NAMES = tuple(item.name for item in fields(SentProbe))
_NEEDED = ("purpose", "reference", "place")


def read(sent: Mapping[str, Any], actor: Actor) -> Probe:
    """Raises ValidationError, by field."""
    given: SentProbe = GIVEN.load(dict(sent))
    empty = [name for name in _NEEDED if not getattr(given, name).strip()]
    if empty:
        raise ValidationError({name: [gettext("Please fill this in.")] for name in empty})
    if (given.lat is None) != (given.lon is None):
        raise ValidationError({"lat": [gettext("Please give both latitude and longitude, or neither.")]})
    region = given.region.strip().upper() or (actor.regions[0] if len(actor.regions) == 1 else "")
    if not region:
        raise ValidationError({"region": [gettext("Please choose the region where the child is.")]})
    found_at = given.found_at or now()
    if found_at > now():
        raise ValidationError({"found_at": [gettext("This time has not come yet.")]})
    return Probe(
        given.purpose.strip(), given.reference.strip(), given.place.strip(), region, found_at, given.lat, given.lon,
        given.age, given.note.strip(),
    )  # fmt: skip


def picture(aligner: Aligner) -> tuple[CleanPhoto, list[Point]]:
    """The request's photo, cleaned, and the middle of each face in it. Raises ValidationError at `photo`."""
    sent = request.files.get("photo")
    try:
        found = clean(sent.stream.read() if sent else b"")
    except PhotoError as error:
        raise ValidationError({"photo": [said_of_photo(error.code)]}) from error
    points = [face.centre for face in aligner.faces(pixels(found.data))]
    if not points:
        said = gettext("No face is found in this photo. One from the front, in daylight, helps most.")
        raise ValidationError({"photo": [said]})
    return found, points


def said_of_photo(code: str) -> str:
    """Why a file is no photo for the desk."""
    return {
        "empty": gettext("Please choose a photo."),
        "too_large": gettext("The file is larger than 20 MB. Please choose a smaller one."),
        "too_many_pixels": gettext("The photo has too many pixels. Please choose a smaller one."),
        "too_small": gettext("The photo is too small for a face to be seen in it."),
    }.get(code, gettext("This file cannot be read as a photo. JPEG, PNG, WebP and HEIC can be."))
