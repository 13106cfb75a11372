"""What an officer writes into a draft, and what of a case goes out with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from services.review.drafts.rules import only_publishable
from shared.geo import km2, polygon
from shared.messages import AlertText, EventCode, Language, Place
from shared.rings import Step, fault
from shared.schema import between, longest, schema_for

Crop = tuple[float, float, float, float]
SMALLEST_CROP = 0.02
LEAST_CORNERS, MOST_CORNERS = 3, 100
LEAST_KM2 = 0.01


def _within_the_photo(crop: Crop) -> None:
    x, y, width, height = crop
    if not (x >= 0 and y >= 0 and x + width <= 1.001 and y + height <= 1.001):
        raise ValidationError("The crop lies outside the photo: x, y, width and height are fractions from 0 to 1.")
    if min(width, height) < SMALLEST_CROP:
        raise ValidationError("The crop is too small.")


def _simple(corners: Sequence[Place]) -> None:
    if not corners:
        return
    if not LEAST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise ValidationError(f"A polygon has {LEAST_CORNERS} to {MOST_CORNERS} corners.")
    if not all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in corners):
        raise ValidationError("A corner is not on the globe.")
    if max(lon for _, lon in corners) - min(lon for _, lon in corners) > 180:
        raise ValidationError("The polygon goes over the antimeridian.")
    shape = polygon(corners)
    if not shape.is_valid or km2(shape) < LEAST_KM2:
        raise ValidationError("The edges of the polygon cross, or it has no area.")


def _widening(steps: Sequence[Step]) -> None:
    if wrong := fault(steps):
        raise ValidationError(wrong)


def _one_each(texts: Sequence[AlertText]) -> None:
    if len({text.language for text in texts}) != len(texts):
        raise ValidationError("There are two texts in one language.")


@dataclass(frozen=True)
class Seen:
    """When and where a sighting was that turned out to be the child."""

    at: datetime
    place: str
    lat: float
    lon: float


@dataclass(frozen=True)
class DraftFields:
    """The fields of `rules.PUBLISHABLE`, and where the child was `seen` last if that is not where it went missing.

    `crop` is x, y, width, height as fractions of the photo `photo_id`; `alt` is its description, [(language, text)];
    `show_name` whether the public may read the child's name. With a `polygon` (corners in order, latitude and
    longitude) the alert is for that area, else for the circle. With `rings` (hours since last seen, km) the circle is
    the one of the hour, and widens by itself; `radius_km` then says nothing. A `test` says nothing of
    the child (see testing.py)."""

    event_code: EventCode = "MEP"
    texts: tuple[AlertText, ...] = field(default=(), metadata={"validate": _one_each})
    contact: str = field(default="", metadata=longest(400))
    show_name: bool = True
    last_seen_place: str = field(default="", metadata=longest(400))
    radius_km: float = field(default=10.0, metadata=between(0.1, 500))
    polygon: tuple[Place, ...] = field(default=(), metadata={"validate": _simple})
    rings: tuple[Step, ...] = field(default=(), metadata={"validate": _widening})
    regions: tuple[str, ...] = ()
    expires: datetime | None = None
    photo_id: str | None = None
    crop: Crop | None = field(default=None, metadata={"validate": _within_the_photo})
    alt: tuple[tuple[Language, str], ...] = ()
    credit: str = field(default="", metadata=longest(200))
    test: bool = False
    seen: Seen | None = None


FIELDS = schema_for(DraftFields)


def dumped(fields: DraftFields) -> str:
    return json.dumps(FIELDS.dump(fields), ensure_ascii=False)


def loaded(text: str) -> DraftFields:
    return FIELDS.loads(text)  # type: ignore[no-any-return]


def edited(fields: DraftFields, given: Mapping[str, Any]) -> DraftFields:
    """`fields` with the `given` JSON values in their place.

    Raises NotAllowed("not_publishable") for a foreign field, ValidationError for a wrong value.
    """
    only_publishable(given.keys())
    after: DraftFields = FIELDS.load(dict(FIELDS.dump(fields)) | dict(given))
    if after.polygon and after.rings:
        raise ValidationError({"rings": ["Only a circle widens: take the polygon away, or the rings."]})
    return after


def missing(fields: DraftFields) -> list[str]:
    """What a draft still lacks before it can be submitted."""
    wanted: dict[str, object] = {
        "texts": fields.texts and all(_said(text) for text in fields.texts),
        "contact": fields.contact.strip(),
        "last_seen_place": fields.last_seen_place.strip(),
        "regions": fields.regions,
        "expires": fields.expires,
    }
    return [name for name, value in wanted.items() if not value]


def _said(text: AlertText) -> bool:
    return all(part.strip() for part in (text.headline, text.description, text.area_desc))
