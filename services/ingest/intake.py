"""A photo at the door: cleaned, its faces found, advised upon. It identifies nobody and keeps nothing."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from services.ingest.rules import Kind
from services.ingest.tools import Tools
from shared import photos
from shared.boxes import reaches
from shared.messages import Box, Point, QualityReason
from shared.origin import Origin, origin
from shared.photos import CleanPhoto
from shared.quality import quality

Advice = Literal["clear", "marked", "no_face", "several_faces"] | QualityReason
MOST_ADVICE = 2
"""How much is said of one photo: more would only discourage."""


@dataclass(frozen=True)
class Seen:
    """One face: its box is x, y, width, height in fractions; its quality 0 to 100; what would help, the most first."""

    box: Box
    quality: float
    reasons: tuple[QualityReason, ...] = ()

    @property
    def point(self) -> Point:
        """The middle of the face."""
        x, y, w, h = self.box
        return round(x + w / 2, 4), round(y + h / 2, 4)


@dataclass(frozen=True)
class Accepted:
    """A clean photo and the faces in it, from left to right. `origin` is for its sender's eyes, and is not sent on."""

    photo: CleanPhoto
    seen: tuple[Seen, ...] = ()
    origin: Origin = Origin()

    def meant(self, marks: Sequence[Point] = ()) -> tuple[Seen, ...]:
        """The faces that will be compared: those that the sender marked, or the only one."""
        if len(self.seen) == 1 or not marks:
            return self.seen if len(self.seen) == 1 else ()
        return tuple({id(face): face for mark in marks if (face := self._at(mark))}.values())

    def _at(self, mark: Point) -> Seen | None:
        near = [face for face in self.seen if reaches(face.box, mark)]
        return min(near, key=lambda face: math.dist(face.point, mark), default=None)

    def quality(self, marks: Sequence[Point] = ()) -> float | None:
        """Of the worst face that will be compared, 0 to 100."""
        return min((face.quality for face in self.meant(marks)), default=None)

    def reasons(self, marks: Sequence[Point] = ()) -> tuple[QualityReason, ...]:
        """What would help for the worst face that will be compared, the most helpful first."""
        worst = min(self.meant(marks), key=lambda face: face.quality, default=None)
        return worst.reasons if worst else ()

    def advice(self, marks: Sequence[Point] = ()) -> tuple[Advice, ...]:
        """What to say of the photo, the most helpful first. `marks` are the points on the faces that are meant."""
        if not self.seen:
            return ("no_face",)
        if not self.meant(marks):
            return ("several_faces",)
        return self.reasons(marks)[:MOST_ADVICE] or (("marked",) if len(self.seen) > 1 else ("clear",))

    def pack(self) -> bytes:
        """As bytes, for the drawer."""
        head = asdict(self.photo) | {"data": None, "seen": [asdict(face) for face in self.seen]}
        head["origin"] = asdict(self.origin)
        return json.dumps(head, default=date.isoformat).encode() + b"\n" + self.photo.data

    @classmethod
    def unpack(cls, packed: bytes) -> "Accepted":
        line, _, data = packed.partition(b"\n")
        head = json.loads(line)
        seen = [Seen(tuple(face["box"]), face["quality"], tuple(face["reasons"])) for face in head.pop("seen")]
        said = head.pop("origin")
        day = date.fromisoformat(said["day"]) if said["day"] else None
        return cls(CleanPhoto(**head | {"data": data}), tuple(seen), Origin(**said | {"day": day}))


def accept(data: bytes, kind: Kind, tools: Tools) -> Accepted:
    """A file from a stranger as a clean photo with the faces in it. Raises PhotoError.

    In a sighting's photo the child may be far behind; what a family sends of its child is looked at quickly.
    """
    clean = photos.clean(data)
    picture = photos.pixels(clean.data)
    found = sorted(tools.faces.detect(picture, thorough=kind == "sighting"), key=lambda face: face.box[0])
    measured = [(face.box, quality(picture, face)) for face in found]
    return Accepted(clean, tuple(Seen(box, its.score, its.reasons) for box, its in measured), origin(data))
