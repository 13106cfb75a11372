"""YuNet as the matcher runs it: the same file, prepared and run by onnxruntime, in half of OpenCV's time.

The families' door runs it by OpenCV, which it has loaded anyway.
"""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from services.matcher import running
from services.matcher.graphs import INPUT
from shared.faces import MIN_SCORE, NMS, YuNet

STRIDES = (8, 16, 32)
MOST = 5000


class PreparedYuNet(YuNet):
    """The detector with another engine in it."""

    def __init__(self, model: Path, graph: bytes, threads: int) -> None:
        super().__init__(model)
        self._net = Engine(running.open_session(graph, threads))


class Engine:
    """What `cv2.FaceDetectorYN` does, by its methods' names: one row of 15 numbers a face, box, landmarks, score.

    The decoding is that of OpenCV's modules/objdetect/src/face_detect.cpp; a test holds the rows to OpenCV's.
    """

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def setInputSize(self, size: tuple[int, int]) -> None:
        """Nothing to do: an image brings its size."""

    def detect(self, bgr: np.ndarray) -> tuple[int, np.ndarray | None]:
        """1 and rows (n, 15) float32, best first, of a uint8 BGR image; None for no face."""
        height, width = (-(-side // STRIDES[-1]) * STRIDES[-1] for side in bgr.shape[:2])
        padded = np.zeros((1, 3, height, width), np.float32)
        padded[0, :, : bgr.shape[0], : bgr.shape[1]] = bgr.transpose(2, 0, 1)
        names = [f"{kind}_{stride}" for stride in STRIDES for kind in ("cls", "obj", "bbox", "kps")]
        answers = [answer[0] for answer in self._session.run(names, {INPUT: padded})]
        levels = zip(STRIDES, (answers[place : place + 4] for place in range(0, len(answers), 4)), strict=True)
        rows = np.concatenate([_decoded(stride, width // stride, *answer) for stride, answer in levels])
        return 1, _apart(rows)


def _decoded(
    stride: int, across: int, sure: np.ndarray, there: np.ndarray, box: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """The rows (n, 15) of one level whose score is high enough. Its cells lie `stride` pixels apart, row by row."""
    score = np.sqrt(np.clip(sure[:, 0], 0, 1) * np.clip(there[:, 0], 0, 1))
    kept = np.flatnonzero(score >= MIN_SCORE)
    cell = np.stack([kept % across, kept // across], axis=1).astype(np.float32)
    middle, size = (cell + box[kept, :2]) * stride, np.exp(box[kept, 2:]) * stride
    landmarks = (points[kept].reshape(-1, 5, 2) + cell[:, None]) * stride
    return np.hstack([middle - size / 2, size, landmarks.reshape(-1, 10), score[kept, None]]).astype(np.float32)


def _apart(rows: np.ndarray) -> np.ndarray | None:
    """The rows, best first, without those that overlap a better one."""
    if not len(rows):
        return None
    boxes = rows[:, :4].astype(int).tolist()
    kept = cv2.dnn.NMSBoxes(boxes, rows[:, 14].tolist(), MIN_SCORE, NMS, top_k=MOST)
    return rows[np.asarray(kept).ravel()]
