"""A photo at the door: cleaned, its faces found, advised upon. It identifies nobody and keeps nothing."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from services.ingest.tools import Tools
from shared import photos
from shared.messages import Point, QualityReason
from shared.photos import CleanPhoto
from shared.quality import quality

Advice = Literal["clear", "marked", "no_face", "several_faces"] | QualityReason
Box = tuple[float, float, float, float]
MOST_ADVICE = 2
"""How much is said of one photo: more would only discourage."""


@dataclass(frozen=True)
class Accepted:
    """A clean photo and the faces in it, from left to right. `box` is x, y, width, height in fractions.

    Of an only face, `quality` is 0 to 100 and `reasons` says what would help.
    """

    photo: CleanPhoto
    boxes: tuple[Box, ...]
    quality: float | None = None
    reasons: tuple[QualityReason, ...] = ()

    def points(self) -> list[Point]:
        """The middle of each face."""
        return [(round(x + w / 2, 4), round(y + h / 2, 4)) for x, y, w, h in self.boxes]

    def advice(self, marked: bool = False) -> tuple[Advice, ...]:
        """What would help most, the most helpful first. `marked`: the sender said which face is meant."""
        if not self.boxes:
            return ("no_face",)
        if len(self.boxes) > 1:
            return ("marked" if marked else "several_faces",)
        return self.reasons[:MOST_ADVICE] or ("clear",)

    def pack(self) -> bytes:
        """As bytes, for the drawer."""
        head = asdict(self.photo) | {"data": None}
        head |= {"boxes": self.boxes, "quality": self.quality, "reasons": self.reasons}
        return json.dumps(head).encode() + b"\n" + self.photo.data

    @classmethod
    def unpack(cls, packed: bytes) -> "Accepted":
        line, _, data = packed.partition(b"\n")
        head = json.loads(line)
        boxes = tuple(tuple(box) for box in head.pop("boxes"))
        score, reasons = head.pop("quality", None), tuple(head.pop("reasons", ()))
        head.pop("clear", None)  # kept by the version before this one
        return cls(CleanPhoto(**head | {"data": data}), boxes, score, reasons)


def accept(data: bytes, tools: Tools) -> Accepted:
    """The photo in `data`, fit to be handed on. Raises photos.PhotoError with the reason why it is not."""
    clean = photos.clean(data)
    picture = photos.pixels(clean.data)
    found = sorted(tools.faces.detect(picture), key=lambda face: face.box[0])
    boxes = tuple(face.box for face in found)
    if len(found) != 1:
        return Accepted(clean, boxes)
    measured = quality(picture, found[0])
    return Accepted(clean, boxes, measured.score, measured.reasons)
