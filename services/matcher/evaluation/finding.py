"""From a file to the one face that is meant, as at enrolment; small crops are enlarged where nothing is found as is.

Benchmarks hold crops of 100 pixels whose face fills the picture, which a detector made for photographs may not see.
Such a picture is tried again at several sizes and with a margin around it, and the report says how many needed that.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from services.matcher.packs import FacePack
from shared.faces import Face
from shared.photos import PhotoError, clean, pixels
from shared.quality import quality

WAY = "2"
"""Changed whenever a face may be found otherwise than before: vectors kept from another way are not used again."""

SMALL_PX = 400
TRIES = ((2.0, 0.3), (1.0, 0.3), (3.0, 0.3), (2.0, 0.0), (4.0, 0.3))
"""Factor of enlargement, and margin as a share of the picture, in the order in which they are tried."""


@dataclass(frozen=True, eq=False)
class Found:
    """`outcome` is `found`, `enlarged`, `no_face` or a PhotoError's code; `several` faces: the largest was taken.

    `bgr` uint8 (height, width, 3) and `face` are there where a face was found; `quality` is 0 to 100.
    """

    outcome: str
    bgr: np.ndarray | None = None
    face: Face | None = None
    quality: float = 0.0
    several: bool = False


def find(pack: FacePack, path: Path) -> Found:
    """The face of a picture file; the file is cleaned as at the families' door first."""
    try:
        bgr = pixels(clean(path.read_bytes()).data)
    except PhotoError as error:
        return Found(error.code)
    except OSError:
        return Found("unreadable")
    faces = pack.detect(bgr)
    if faces:
        return _largest("found", bgr, faces)
    for factor, margin in TRIES if max(bgr.shape[:2]) <= SMALL_PX else ():
        larger = enlarged(bgr, factor, margin)
        faces = pack.detect(larger)
        if faces:
            return _largest("enlarged", larger, faces)
    return Found("no_face")


def _largest(outcome: str, bgr: np.ndarray, faces: list[Face]) -> Found:
    return Found(outcome, bgr, faces[0], quality(bgr, faces[0]).score, len(faces) > 1)


def enlarged(bgr: np.ndarray, factor: float, margin: float) -> np.ndarray:
    """The picture made larger, with its margin black."""
    larger = cv2.resize(bgr, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC) if factor != 1 else bgr
    border = int(margin * max(larger.shape[:2]))
    return cv2.copyMakeBorder(larger, border, border, border, border, cv2.BORDER_CONSTANT) if border else larger
