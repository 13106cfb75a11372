"""A found face, and what can be said of faces without looking at the picture again: turned back, duplicates dropped."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from shared.messages import Box, Point

REACH = 0.5
OVERLAP, INSIDE = 0.3, 0.7
"""Two boxes are one face from this share of their union on, or if so much of the smaller lies in the larger."""


@dataclass(frozen=True)
class Face:
    """`box` is x, y, width, height as fractions; `landmarks` five (x, y) in pixels: eyes, nose, mouth corners."""

    box: Box
    landmarks: np.ndarray
    score: float

    @property
    def centre(self) -> Point:
        x, y, width, height = self.box
        return x + width / 2, y + height / 2


def merged(faces: Iterable[Face]) -> list[Face]:
    """Each face once, as it was seen best: what overlaps a face with a higher score is the same face."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda one: one.score, reverse=True):
        if not any(same(face.box, other.box) for other in kept):
            kept.append(face)
    return kept


def same(one: Box, other: Box) -> bool:
    """Whether two boxes are of one face."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return False
    both, areas = across * down, (one[2] * one[3], other[2] * other[3])
    return both > OVERLAP * (sum(areas) - both) or both > INSIDE * min(areas)


def turned_back(face: Face, turns: int, width: int, height: int) -> Face:
    """A face found in `np.rot90(picture, turns)`, in the coordinates of the picture of `width` x `height` pixels."""
    x, y, w, h = face.box
    box, landmarks = face.box, face.landmarks
    for done in range(turns, 0, -1):
        x, y, w, h = box
        across = width if done % 2 else height  # of the picture before this quarter turn
        box = (1 - y - h, x, h, w)
        landmarks = np.stack([across - landmarks[:, 1], landmarks[:, 0]], axis=1)
    return Face(box, landmarks.astype(np.float32), face.score)


def reaches(box: Box, point: Point) -> bool:
    """Whether a tap at `point` means the face in this box: inside it, or half a box beside it."""
    x, y, width, height = box
    across, down = REACH * width, REACH * height
    return x - across <= point[0] <= x + width + across and y - down <= point[1] <= y + height + down
