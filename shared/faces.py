"""Finding faces in photographs. Nothing here can tell whose face it is: only the matcher embeds.

YuNet finds faces of some 16 to 500 pixels (7 to 230 between the eyes), upright ones best. So a large photograph is
looked at small and large, and larger still where it shows small faces or none; where the faces seem to lie on their
side or on their head it is turned. See docs/decisions/0024.
"""

import threading
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from shared.boxes import Face as Face
from shared.boxes import merged, reaches, turned_back
from shared.config import Settings
from shared.errors import ConfigError
from shared.messages import Point

DETECTOR = Path("opencv-zoo") / "face_detection_yunet_2023mar_int8bq.onnx"
MIN_SCORE = 0.7
NMS = 0.3

WHOLE = 960
"""A photo whose longest side is at most this is looked at once, at ONCE: a face of enrolment size, 12 pixels between
the eyes, still has 8 of them."""
ONCE = 640
COARSE, FINE = 320, 1280
"""The longest sides at which a larger photo is looked at: for faces that fill it, and for the others."""
ENOUGH, FINEST = 2 / 3, 2000
"""And at which it is looked at again where it shows small faces or none: 12 pixels between the eyes become 8. None is
looked at above 2,000: those are photos larger than `photos.MAX_SIDE`."""
SMALL = 40
"""Width of a face, in pixels at FINE, that says: there may be others that are smaller still."""

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

    def detect(self, bgr: np.ndarray, thorough: bool = False) -> list[Face]:
        """The faces in a uint8 BGR image of shape (height, width, 3), largest first, however the photo lies.

        `thorough`: also small faces in a large photo that shows large ones, as a child far behind who took the photo.
        """
        height, width = bgr.shape[:2]
        found, turns = self._righted(bgr, self._in_sizes(bgr, thorough))
        if not found:
            turns = self._fullest(bgr)
        if turns:
            again = self._in_sizes(np.rot90(bgr, turns), thorough)
            found = merged([*found, *(turned_back(face, turns, width, height) for face in again)])
        return sorted(found, key=lambda face: face.box[2] * face.box[3], reverse=True)

    def _in_sizes(self, bgr: np.ndarray, thorough: bool) -> list[Face]:
        """The faces of a photo that lies as it should."""
        height, width = bgr.shape[:2]
        longest = max(height, width)
        if longest <= WHOLE:
            return self.look(bgr, ONCE)
        fine = _shrunk(bgr, round(width * FINE / longest), round(height * FINE / longest)) if longest > FINE else bgr
        found = merged([*self.look(bgr, COARSE, fine), *self.look(bgr, FINE, fine)])
        finest = min(FINEST, round(longest * ENOUGH))
        small = SMALL * longest / FINE / width  # as a fraction, as boxes are
        if finest > FINE and (thorough or min((face.box[2] for face in found), default=0.0) < small):
            found = merged([*found, *self.look(bgr, finest)])
        return found

    def look(self, bgr: np.ndarray, longest: int = FINEST, shrunk: np.ndarray | None = None) -> list[Face]:
        """The faces found in one look, upright ones only, at an image no larger than `longest` pixels. `shrunk` is a
        copy that is quicker to shrink."""
        height, width = bgr.shape[:2]
        scale = min(1.0, longest / max(height, width))
        small = _shrunk(bgr if shrunk is None else shrunk, round(scale * width), round(scale * height))
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
        for side in (ONCE, FINE) if max(bgr.shape[:2]) > WHOLE else (ONCE,):
            seen = {turns: sum(face.score for face in self.look(np.rot90(bgr, turns), side)) for turns in (1, 2, 3)}
            if any(seen.values()):
                return max(seen, key=lambda at: seen[at])
        return 0


def _shrunk(bgr: np.ndarray, width: int, height: int) -> np.ndarray:
    size = (max(width, 1), max(height, 1))
    return bgr if size == (bgr.shape[1], bgr.shape[0]) else cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)


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
