"""The landmarks of a face that was found, steadied: the detector looks at it again in several sizes; the median holds.

YuNet places the same landmark some 6 % of the eyes' distance elsewhere when the same face comes a little larger. The
networks are trained on tighter crops than that; docs/matching.md says what it is worth to each.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from shared.faces import Face

SIDES = (128, 160, 192, 256)
REACH = 1.6
"""The face is brought to squares of these sides, in pixels, each so many times the face's longer side."""

Look = Callable[[np.ndarray], list[Face]]


def as_found(bgr: np.ndarray, face: Face) -> Face:
    """The face with the landmarks it was found with."""
    return face


def steadied(look: Look, bgr: np.ndarray, face: Face) -> Face:
    """The face of a uint8 BGR image with the median of its own landmarks and those that `look` finds in each size."""
    seen = [points for side in SIDES if (points := _seen(look, bgr, face, side)) is not None]
    return replace(face, landmarks=np.median([face.landmarks, *seen], axis=0).astype(np.float32))


def _seen(look: Look, bgr: np.ndarray, face: Face, side: int) -> np.ndarray | None:
    """Its landmarks (5, 2) in pixels of the image, as seen in a square of `side` pixels; None if it is not seen."""
    height, width = bgr.shape[:2]
    scale = side / (REACH * max(face.box[2] * width, face.box[3] * height))
    shift = side / 2 - scale * np.asarray([face.centre[0] * width, face.centre[1] * height])
    way = np.column_stack([scale * np.eye(2), shift])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    middle = [one for one in look(cv2.warpAffine(bgr, way, (side, side), flags=how)) if _is_in_the_middle(one)]
    return (middle[0].landmarks - shift) / scale if middle else None


def _is_in_the_middle(face: Face) -> bool:
    x, y, width, height = face.box
    return x < 0.5 < x + width and y < 0.5 < y + height
