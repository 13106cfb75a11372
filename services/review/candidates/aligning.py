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
FEW_PIXELS = 30.0
"""Between the eyes, under which a comparison of features bears little."""
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
        left, right = ((float(x), float(y)) for x, y in face.landmarks[:2])
        return Eyes(left, right) if Eyes(left, right).apart >= 1 else None


def straightened(data: bytes, eyes: Eyes) -> bytes:
    """A JPEG of `WIDTH` x `HEIGHT`: the photograph `data` with its eyes at `EYES`, grey where it has no more."""
    bgr = pixels(data)
    scale = (EYES[1][0] - EYES[0][0]) * WIDTH / eyes.apart
    shrunk = min(1.0, scale)
    if shrunk < 1:  # the warp below takes single pixels; many of them are averaged here first
        bgr = cv2.resize(bgr, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
    matrix = _similarity(np.array((eyes.left, eyes.right)) * shrunk, np.array(EYES) * (WIDTH, HEIGHT))
    turned = cv2.warpAffine(bgr, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderValue=_BESIDE)
    return encode(Image.fromarray(turned[:, :, ::-1])).data


def _similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The (2, 3) matrix of the one similarity that takes two points to two points: as complex numbers, z → az + b."""
    (z1, z2), (w1, w2) = source @ (1, 1j), target @ (1, 1j)
    a = (w2 - w1) / (z2 - z1)
    b = w1 - a * z1
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
