"""The kept photos of a form as the page shows them: a preview, the faces to choose from, and what would help."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_date
from PIL import Image

from services.ingest.intake import Accepted
from services.ingest.places import full_name
from services.ingest.views.context import language, tools
from services.ingest.views.written import Form, marks
from services.ingest.words import advice_text
from shared.messages import Box, Point
from shared.origin import Origin

PREVIEW, FACE, SMALL = 480, 112, 160
"""Pixels of the longest side: of a photo, of a face to choose, of a photo that is only named."""


@dataclass(frozen=True)
class FaceChoice:
    """One of several faces: its picture, and the point that says "this one"."""

    src: str
    point: str


@dataclass(frozen=True)
class Preview:
    """One photo on the page. Pictures are `data:` addresses: no address of the door ever shows a photo. `day` and
    `near` are what its file says of when and where it was taken."""

    id: str
    src: str
    advice: str
    text: str
    quality: float | None
    faces: tuple[FaceChoice, ...]
    day: str
    near: str


def previews(kept: Mapping[str, Accepted], written: Form, size: int = PREVIEW) -> list[Preview]:
    """The kept photos of a form, with what was written about them."""
    return [preview(id_, photo, marks(written, id_), size) for id_, photo in kept.items()]


def preview(id_: str, photo: Accepted, chosen: Sequence[Point], size: int = PREVIEW) -> Preview:
    """The photo as the page shows it. `chosen` are the points on the faces that the sender has chosen."""
    picture = Image.open(io.BytesIO(photo.photo.data), formats=["JPEG"])
    several = photo.seen if len(photo.seen) > 1 else ()
    faces = tuple(FaceChoice(_face(picture, face.box), "{},{}".format(*face.point)) for face in several)
    advice = photo.advice(chosen)
    return Preview(
        id_, _small(picture, size), advice[0], advice_text(advice), photo.quality(chosen), faces, *_said(photo.origin)
    )


def _said(origin: Origin) -> tuple[str, str]:
    """The day and the region that a photo's file names, in the reader's words; empty where it names none."""
    day = str(format_date(origin.day, "long")) if origin.day else ""
    if origin.lat is None or origin.lon is None:
        return day, ""
    known = tools().regions
    codes = known.at(origin.lat, origin.lon)
    return day, full_name(known.get(codes[0]), known, language()) if codes else ""


def _face(picture: Image.Image, box: Box) -> str:
    """The face with some air around it, so that hair and clothes help to tell who it is."""
    x, y, w, h = box
    half = max(w * picture.width, h * picture.height) * 0.9
    middle_x, middle_y = (x + w / 2) * picture.width, (y + h / 2) * picture.height
    corners = (middle_x - half, middle_y - half, middle_x + half, middle_y + half)
    return _small(picture.crop(tuple(round(side) for side in corners)), FACE)  # type: ignore[arg-type]


def _small(picture: Image.Image, longest: int) -> str:
    small = picture.copy()
    small.thumbnail((longest, longest))
    out = io.BytesIO()
    small.convert("RGB").save(out, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
