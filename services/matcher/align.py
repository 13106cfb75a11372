"""Cuts faces out of photographs, turned and scaled so that their landmarks lie where a network expects them."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from shared.faces import Face


@dataclass(frozen=True)
class Geometry:
    """A square of `side` pixels in which the five landmarks (eyes, nose tip, mouth corners) lie at `points` (x, y)."""

    side: int
    points: tuple[tuple[float, float], ...]


ARCFACE = Geometry(
    112, ((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041))
)
"""ArcFace's, as in insightface.utils.face_align; a test holds our crops to insightface's, bit for bit."""

_PADDING = 0.25


def _in_chip(x: float, y: float) -> tuple[float, float]:
    """A point of dlib's mean face, which is one unit wide, in its chip of 150 pixels."""
    return tuple(round(150 * (_PADDING + value) / (1 + 2 * _PADDING), 4) for value in (x, y))  # type: ignore[return-value]


DLIB = Geometry(
    150,
    (
        _in_chip(0.227248, 0.221140),
        _in_chip(0.752752, 0.221140),
        _in_chip(0.490127, 0.515625),
        _in_chip(0.254149, 0.780233),
        _in_chip(0.726104, 0.780233),
    ),
)
"""dlib's own chip for its network, with our detector's five points instead of its own: from the 68-point mean face of
dlib's get_face_chip_details (dlib/image_transforms/interpolation.h) with each eye's six points averaged."""


def crops(faces: Sequence[tuple[np.ndarray, Face]], geometry: Geometry) -> np.ndarray:
    """Each face of its uint8 BGR image: uint8 BGR (n, side, side, 3). Where a photo ends, and instead of a face that
    cannot be placed, it is black."""
    side = geometry.side
    target = np.asarray(geometry.points, np.float32)
    cut = np.zeros((len(faces), side, side, 3), np.uint8)
    for place, (bgr, face) in enumerate(faces):
        if placeable(face):
            cv2.warpAffine(bgr, similarity(face.landmarks, target), (side, side), dst=cut[place], borderValue=0.0)
    return cut


def placeable(face: Face) -> bool:
    """Whether its landmarks are numbers and do not all coincide."""
    return bool(np.isfinite(face.landmarks).all() and np.ptp(face.landmarks, axis=0).any())


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The turn, scale and shift (2, 3) that takes points (n, 2) nearest to others in least squares.

    S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI 13 (1991). In
    the points' own precision, so that float32 gives to the last bit what scikit-image gives insightface. The source's
    points may not all coincide.
    """
    from_centre, to_centre = source.mean(axis=0), target.mean(axis=0)
    spread = source - from_centre
    left, stretch, right = np.linalg.svd((target - to_centre).T @ spread / len(source))
    mirror = np.asarray([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right))])
    turn = left @ np.diag(mirror) @ right
    variance = spread.var(axis=0).sum()
    scale = 1.0 / variance * (stretch @ mirror)
    return np.column_stack([scale * turn, to_centre - scale * (turn @ from_centre)])
