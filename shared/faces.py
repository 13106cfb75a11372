"""Finding faces in photographs. Nothing here can tell whose face it is: only the matcher embeds.

YuNet finds faces of some 16 to 500 pixels (7 to 230 between the eyes), upright ones best. So a photograph is looked at
in two sizes, and where the faces seem to lie on their side or on their head it is turned; see docs/decisions/0024.
"""

import threading
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from shared.boxes import Box as Box
from shared.boxes import Face as Face
from shared.boxes import merged, turned_back
from shared.config import Settings
from shared.errors import ConfigError
from shared.messages import Point

DETECTOR = Path("opencv-zoo") / "face_detection_yunet_2023mar_int8bq.onnx"
MIN_SCORE = 0.7
NMS = 0.3
REACH = 0.5

COARSE = 640
"""The first look's longest side. A face of enrolment size, 12 pixels between the eyes, still has 8 of them while the
photo's longest side is at most 960; then no second look is needed."""
ENOUGH = 2 / 3
"""The second look leaves it those 8 pixels; up to 1,280 pixels a photo is looked at as it is, and none above 2,000,
which are photos larger than `photos.MAX_SIDE`."""
FINE, FINEST = 1280, 2000

SURE = 0.92
"""Upright faces in good light score 0.90 to 0.95; upside down ones 0.77 to 0.91, with their landmarks wrong."""
BETTER = 0.03
CHECKED = 4
"""How many doubtful faces, the largest, are looked at in all four directions."""
CROP = 160


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
        """The faces in a uint8 BGR image of shape (height, width, 3), largest first, however the photo lies."""
        height, width = bgr.shape[:2]
        found, turns = self._righted(bgr, self._in_sizes(bgr, sides(max(height, width))))
        if not found:
            turns = self._fullest(bgr)
        if turns:
            again = self._in_sizes(np.rot90(bgr, turns), sides(max(height, width)))
            found = merged([*found, *(turned_back(face, turns, width, height) for face in again)])
        return sorted(found, key=lambda face: face.box[2] * face.box[3], reverse=True)

    def _in_sizes(self, bgr: np.ndarray, longest: tuple[int, ...]) -> list[Face]:
        """The faces found with the image brought to each of these longest sides."""
        return merged([face for side in longest for face in self.look(bgr, side)])

    def look(self, bgr: np.ndarray, longest: int = FINEST) -> list[Face]:
        """The faces found in one look, upright ones only, at an image no larger than `longest` pixels."""
        height, width = bgr.shape[:2]
        scale = min(1.0, longest / max(height, width))
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else bgr
        with self._lock:
            self._net.setInputSize((small.shape[1], small.shape[0]))
            _, rows = self._net.detect(np.ascontiguousarray(small))
        return [] if rows is None else [_face(row / scale, float(row[14]), width, height) for row in rows]

    def _righted(self, bgr: np.ndarray, found: list[Face]) -> tuple[list[Face], int]:
        """The faces, doubtful ones as they are seen best; and the quarter turns that most doubtful ones ask for."""
        by_size = sorted(found, key=lambda face: face.box[2] * face.box[3], reverse=True)
        doubtful = [face for face in by_size if face.score < SURE][:CHECKED]
        best = {id(face): self._turned(bgr, face) for face in doubtful}
        votes = Counter(turns for _, turns in best.values() if turns)
        turns, votes_for = votes.most_common(1)[0] if votes else (0, 0)
        better = merged([best[id(face)][0] if id(face) in best else face for face in found])
        return better, turns if 2 * votes_for >= len(doubtful) else 0

    def _turned(self, bgr: np.ndarray, face: Face) -> tuple[Face, int]:
        """The face, or what it is after quarter turns if it is seen clearly better then; and those turns."""
        matrix, crop = _cut(bgr, face)
        seen = {turns: self.look(np.rot90(crop, turns), CROP) for turns in (1, 2, 3)}
        best = {turns: max(faces, key=lambda one: one.score) for turns, faces in seen.items() if faces}
        turns = max(best, key=lambda at: best[at].score, default=0)
        if not turns or best[turns].score < face.score + BETTER:
            return face, 0
        return _placed(turned_back(best[turns], turns, CROP, CROP), matrix, bgr), turns

    def _fullest(self, bgr: np.ndarray) -> int:
        """The quarter turns that show the most faces, 0 where none does."""
        seen = {turns: sum(face.score for face in self.look(np.rot90(bgr, turns), COARSE)) for turns in (1, 2, 3)}
        turns = max(seen, key=lambda at: seen[at])
        return turns if seen[turns] else 0


def sides(longest: int) -> tuple[int, ...]:
    """The longest sides at which a photo of this longest side is looked at."""
    if longest <= COARSE / ENOUGH:
        return (COARSE,)
    return COARSE, min(FINEST, max(FINE, round(longest * ENOUGH)))


def _face(row: np.ndarray, score: float, width: int, height: int) -> Face:
    box = (row[0] / width, row[1] / height, row[2] / width, row[3] / height)
    x, y, w, h = (float(value) for value in box)
    return Face((x, y, w, h), row[4:14].reshape(5, 2).astype(np.float32), score)


def _cut(bgr: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """A square around the face, twice its size, as CROP x CROP pixels; and the (2, 3) matrix that leads there."""
    height, width = bgr.shape[:2]
    middle_x, middle_y = face.centre[0] * width, face.centre[1] * height
    scale = CROP / (2 * max(face.box[2] * width, face.box[3] * height))
    matrix = np.asarray([[scale, 0, CROP / 2 - scale * middle_x], [0, scale, CROP / 2 - scale * middle_y]])
    return matrix, cv2.warpAffine(bgr, matrix, (CROP, CROP), borderMode=cv2.BORDER_REPLICATE)


def _placed(face: Face, matrix: np.ndarray, bgr: np.ndarray) -> Face:
    """A face of such a square, in the coordinates of its image."""
    height, width = bgr.shape[:2]
    scale, shift = matrix[0, 0], matrix[:, 2]
    x, y, w, h = (CROP * part for part in face.box)
    left, top = (np.asarray([x, y]) - shift) / scale
    box = (float(left) / width, float(top) / height, w / scale / width, h / scale / height)
    return Face(box, ((face.landmarks - shift) / scale).astype(np.float32), face.score)


def detector(settings: Settings) -> YuNet:
    return YuNet(settings.models / DETECTOR)


def choose(faces: list[Face], point: Point | None) -> Face | str:
    """The face at `point`, or the only face; otherwise the reason: `no_face` or `several_faces`."""
    if point is None:
        if len(faces) == 1:
            return faces[0]
        return "several_faces" if faces else "no_face"
    near = [face for face in faces if reaches(face.box, point)]
    if not near:
        return "no_face"
    return min(near, key=lambda face: (face.centre[0] - point[0]) ** 2 + (face.centre[1] - point[1]) ** 2)


def reaches(box: Box, point: Point) -> bool:
    """Whether a tap at `point` means the face in this box: inside it, or half a box beside it."""
    x, y, width, height = box
    across, down = REACH * width, REACH * height
    return x - across <= point[0] <= x + width + across and y - down <= point[1] <= y + height + down
