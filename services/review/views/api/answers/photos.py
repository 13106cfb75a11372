"""What is answered about photographs."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.messages import Box, EnrolOutcome, Point


@dataclass(frozen=True)
class PhotoLine:
    """A photo. `url` has the picture; `face` is the point on the child's face, `faces` those marked in a sighting's,
    `found` the boxes of all faces that were seen (fractions of the picture). `quality` is 0 to 100."""

    id: str
    url: str
    width: int
    height: int
    taken: date | None
    age: float | None
    face: Point | None
    faces: tuple[Point, ...] | None
    outcome: EnrolOutcome | None
    quality: float | None
    advice: tuple[str, ...]
    found: tuple[Box, ...]


@dataclass(frozen=True)
class CasePhoto(PhotoLine):
    """A photo of a case. `age_at_photo` is in years, null where it is not known; `added_at` is when one came after the
    report, which `waits` until an officer has looked at it, with the letter `letter_id` if there was one."""

    age_at_photo: float | None
    added_at: datetime | None
    letter_id: str | None
    waits: bool


@dataclass(frozen=True)
class FaceSaid:
    """A face that was found: its middle, as fractions of the picture, and whether it is marked."""

    point: Point
    marked: bool


@dataclass(frozen=True)
class Faces:
    photo: PhotoLine
    faces: tuple[FaceSaid, ...]
