"""Both faces with their eyes at the same places, so that they can be laid over one another. It identifies nobody.

A photograph is turned, scaled and moved (a similarity: nothing is stretched) until the middle of each eye, as the
house's detector finds them, is at a fixed point of a picture of fixed size.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from shared.config import Settings
from shared.faces import Face, YuNet, choose, detector
from shared.messages import Point
from shared.photos import encode, pixels

WIDTH, HEIGHT = 720, 900
EYES: tuple[Point, Point] = ((0.37, 0.43), (0.63, 0.43))
"""Where the eyes come, as fractions: room above for the hairline, beside for the ears, below for the chin."""
FEW_PIXELS = 40.0
"""Between the eyes, under which a comparison of features bears little."""
SMALLER = (2, 3, 4, 5, 6)
"""How much smaller than the picture shown those are in which the eyes are looked for again."""
FARTHEST = 0.25
"""How far the second look may move an eye, in distances between the eyes; farther, it has found something else."""
_BESIDE = (128, 128, 128)
_KEPT = 512


@dataclass(frozen=True)
class Eyes:
    """The middles of the two eyes in pixels of the photograph, the one at the left of an upright face first."""

    left: Point
    right: Point

    @property
    def apart(self) -> float:
        """Pixels between them."""
        return float(np.hypot(self.right[0] - self.left[0], self.right[1] - self.left[1]))

    @property
    def few(self) -> bool:
        return self.apart < FEW_PIXELS


class Aligner:
    """Finds eyes, remembers where they were, and straightens faces. The detector is loaded at the first photograph."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._detector: YuNet | None = None
        self._known: OrderedDict[tuple[str, Point | None], Eyes | None] = OrderedDict()
        self._lock = threading.Lock()

    def faces(self, bgr: np.ndarray) -> list[Face]:
        """The faces in a uint8 BGR image, largest first. Raises ConfigError if the detector is missing."""
        with self._lock:
            self._detector = self._detector or detector(self._settings)
        return self._detector.detect(bgr)

    def eyes(self, photo_id: str, face: Point | None, load: Callable[[], bytes]) -> Eyes | None:
        """The eyes of the face at `face`, or of the largest; None where no face is found. `load` gives the JPEG."""
        key = (photo_id, face)
        with self._lock:
            if key in self._known:
                return self._known[key]
        found = self._eyes(pixels(load()), face)
        with self._lock:
            self._known[key] = found
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found

    def _eyes(self, bgr: np.ndarray, point: Point | None) -> Eyes | None:
        faces = self.faces(bgr)
        face = choose(faces, point) if point else (faces or ["no_face"])[0]
        if isinstance(face, str):
            return None
        eyes = _eyes_at(face.landmarks[:2])
        return self._refined(bgr, eyes) if eyes.apart >= 1 else None

    def _refined(self, bgr: np.ndarray, eyes: Eyes) -> Eyes:
        """The eyes looked for again in the face made upright and of a few sizes, and the middle of what was found: so
        the detector errs little, and alike on every photo, however large and tilted its face is."""
        before = np.array((eyes.left, eyes.right))
        found = []
        for smaller in SMALLER:
            width, height = WIDTH // smaller, HEIGHT // smaller
            matrix, shrunk = _matrix(eyes, width, height)
            for face in self.faces(_warped(bgr, matrix, shrunk, width, height))[:1]:
                there = ((face.landmarks[:2] - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T) / shrunk
                if np.abs(there - before).max() < FARTHEST * eyes.apart:
                    found.append(there)
        return _eyes_at(np.median(found, axis=0)) if found else eyes


def straightened(data: bytes, eyes: Eyes) -> bytes:
    """A JPEG of `WIDTH` x `HEIGHT`: the photograph `data` with its eyes at `EYES`, grey where it has no more."""
    matrix, shrunk = _matrix(eyes, WIDTH, HEIGHT)
    turned = _warped(pixels(data), matrix, shrunk, WIDTH, HEIGHT)
    return encode(Image.fromarray(turned[:, :, ::-1])).data


def _eyes_at(points: np.ndarray) -> Eyes:
    (x1, y1), (x2, y2) = points.tolist()
    return Eyes((x1, y1), (x2, y2))


def _matrix(eyes: Eyes, width: int, height: int) -> tuple[np.ndarray, float]:
    """The (2, 3) matrix that brings the eyes to `EYES`, and by how much the photo is to be shrunk before."""
    shrunk = min(1.0, (EYES[1][0] - EYES[0][0]) * width / eyes.apart)
    return _similarity(np.array((eyes.left, eyes.right)) * shrunk, np.array(EYES) * (width, height)), shrunk


def _warped(bgr: np.ndarray, matrix: np.ndarray, shrunk: float, width: int, height: int) -> np.ndarray:
    if shrunk < 1:  # the warp takes single pixels; many of them are averaged here first
        bgr = cv2.resize(bgr, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    return cv2.warpAffine(bgr, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=_BESIDE)


def _similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The (2, 3) matrix of the one similarity that takes two points to two points: as complex numbers, z → az + b."""
    (z1, z2), (w1, w2) = source @ (1, 1j), target @ (1, 1j)
    a = (w2 - w1) / (z2 - z1)
    b = w1 - a * z1
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
