"""A photo at the door: cleaned, its faces found, advised upon. It identifies nobody and keeps nothing."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from services.ingest.tools import Tools
from shared import faces, photos
from shared.messages import Point
from shared.photos import CleanPhoto

Advice = Literal["clear", "marked", "no_face", "several_faces", "small_face", "blurred"]
Box = tuple[float, float, float, float]
SMALL = 40
"""Pixels of a face's shorter side, under which a comparison seldom helps."""


@dataclass(frozen=True)
class Accepted:
    """A clean photo and the faces in it, from left to right. `box` is x, y, width, height in fractions."""

    photo: CleanPhoto
    boxes: tuple[Box, ...]
    clear: bool = True

    def points(self) -> list[Point]:
        """The middle of each face."""
        return [(round(x + w / 2, 4), round(y + h / 2, 4)) for x, y, w, h in self.boxes]

    def advice(self, marked: bool = False) -> Advice:
        """What would help most, seen from the matcher's side. `marked`: the sender said which face is meant."""
        if not self.boxes:
            return "no_face"
        if len(self.boxes) > 1:
            return "marked" if marked else "several_faces"
        _, _, width, height = self.boxes[0]
        if min(width * self.photo.width, height * self.photo.height) < SMALL:
            return "small_face"
        return "clear" if self.clear else "blurred"

    def pack(self) -> bytes:
        """As bytes, for the drawer."""
        head = asdict(self.photo) | {"data": None, "boxes": self.boxes, "clear": self.clear}
        return json.dumps(head).encode() + b"\n" + self.photo.data

    @classmethod
    def unpack(cls, packed: bytes) -> "Accepted":
        line, _, data = packed.partition(b"\n")
        head = json.loads(line)
        boxes, clear = tuple(tuple(box) for box in head.pop("boxes")), head.pop("clear")
        return cls(CleanPhoto(**head | {"data": data}), boxes, clear)


def accept(data: bytes, tools: Tools) -> Accepted:
    """The photo in `data`, fit to be handed on. Raises photos.PhotoError with the reason why it is not."""
    clean = photos.clean(data)
    picture = photos.pixels(clean.data)
    found = sorted(tools.faces.detect(picture), key=lambda face: face.box[0])
    clear = len(found) != 1 or not faces.quality(picture, found[0]).reason
    return Accepted(clean, tuple(face.box for face in found), clear)
