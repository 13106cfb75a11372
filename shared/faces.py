"""Finding faces and measuring them. Nothing here can tell whose face it is: only the matcher embeds."""

import threading
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from shared.config import Settings
from shared.errors import ConfigError
from shared.messages import Point

DETECTOR = Path("opencv-zoo") / "face_detection_yunet_2023mar_int8bq.onnx"
MIN_SCORE = 0.7
NMS = 0.3
LONGEST_SIDE = 1280
SMALLEST_EYES_PX = 12.0
LEAST_SHARPNESS = 15.0
REACH = 0.5


@dataclass(frozen=True)
class Face:
    """`box` is x, y, width, height as fractions; `landmarks` five (x, y) in pixels: eyes, nose, mouth corners."""

    box: tuple[float, float, float, float]
    landmarks: np.ndarray
    score: float

    @property
    def centre(self) -> Point:
        x, y, width, height = self.box
        return x + width / 2, y + height / 2


@dataclass(frozen=True)
class Quality:
    """0 to 100, and what is wrong where something is: `too_small` or `too_blurred`."""

    score: float
    reason: str | None = None


class YuNet:
    """OpenCV's YuNet. One image at a time: the network keeps its input's size between calls."""

    def __init__(self, model: Path) -> None:
        if not model.exists():
            raise ConfigError(f"The face detector {model.name} is missing; run `homeward models install`.")
        # Errors only: OpenCV warns of its graph engine at every start.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        self._net = cv2.FaceDetectorYN.create(str(model), "", (320, 320), MIN_SCORE, NMS)
        self._lock = threading.Lock()

    def detect(self, bgr: np.ndarray) -> list[Face]:
        """The faces in a uint8 BGR image of shape (height, width, 3), largest first."""
        height, width = bgr.shape[:2]
        scale = min(1.0, LONGEST_SIDE / max(height, width))
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else bgr
        with self._lock:
            self._net.setInputSize((small.shape[1], small.shape[0]))
            _, rows = self._net.detect(small)
        found = [] if rows is None else [_face(row / scale, float(row[14]), width, height) for row in rows]
        return sorted(found, key=lambda face: face.box[2] * face.box[3], reverse=True)


def _face(row: np.ndarray, score: float, width: int, height: int) -> Face:
    box = (row[0] / width, row[1] / height, row[2] / width, row[3] / height)
    x, y, w, h = (float(value) for value in box)
    return Face((x, y, w, h), row[4:14].reshape(5, 2).astype(np.float32), score)


def detector(settings: Settings) -> YuNet:
    return YuNet(settings.models / DETECTOR)


def choose(faces: list[Face], point: Point | None) -> Face | str:
    """The face at `point`, or the only face; otherwise the reason: `no_face` or `several_faces`."""
    if point is None:
        if len(faces) == 1:
            return faces[0]
        return "several_faces" if faces else "no_face"
    near = [face for face in faces if _reaches(face, point)]
    if not near:
        return "no_face"
    return min(near, key=lambda face: (face.centre[0] - point[0]) ** 2 + (face.centre[1] - point[1]) ** 2)


def _reaches(face: Face, point: Point) -> bool:
    """Whether a tap at `point` means this face: inside its box, or half a box beside it."""
    x, y, width, height = face.box
    across, down = REACH * width, REACH * height
    return x - across <= point[0] <= x + width + across and y - down <= point[1] <= y + height + down


def quality(bgr: np.ndarray, face: Face) -> Quality:
    """A first measure: distance of the eyes in pixels, and sharpness as the variance of the Laplacian in the box."""
    eyes = float(np.linalg.norm(face.landmarks[0] - face.landmarks[1]))
    if eyes < SMALLEST_EYES_PX:
        return Quality(round(eyes, 1), "too_small")
    height, width = bgr.shape[:2]
    x, y, w, h = face.box
    top, left = max(0, int(y * height)), max(0, int(x * width))
    part = bgr[top : max(0, int((y + h) * height)), left : max(0, int((x + w) * width))]
    if part.size == 0:  # a face that the detector puts beside the picture
        return Quality(0.0, "too_small")
    grey = cv2.resize(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), (128, 128), interpolation=cv2.INTER_AREA)
    sharpness = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    score = 100 * min(1.0, eyes / 60) * min(1.0, sharpness / 150) * face.score
    return Quality(round(score, 1), "too_blurred" if sharpness < LEAST_SHARPNESS else None)
