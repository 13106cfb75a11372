"""InsightFace's own packs, through insightface: their detector and recogniser in the shape of a FacePack.

Importing this loads insightface; `packs.open_pack` does so only after the operator accepted the packs' licence.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from insightface.app import FaceAnalysis
from insightface.utils import ensure_available

from services.matcher.running import session_options
from shared.errors import ConfigError
from shared.faces import MIN_SCORE, Face

DETECTOR_SIDE = 640


def load(name: str, root: Path) -> tuple[FaceAnalysis, bytes]:
    """The pack's models and the bytes of its recogniser; insightface fetches them if they are not in `root`.

    Raises ConfigError where they cannot be fetched or are no face pack.
    """
    try:
        folder = Path(ensure_available("models", name, root=str(root)))
        # Some of its archives have a folder of the same name inside.
        inner = next(folder.rglob("*.onnx")).parent
        analysis = FaceAnalysis(
            str(inner),
            allowed_modules=["detection", "recognition"],
            providers=["CPUExecutionProvider"],
            sess_options=session_options(),
        )
        analysis.prepare(ctx_id=-1, det_thresh=MIN_SCORE, det_size=(DETECTOR_SIDE, DETECTOR_SIDE))
        return analysis, Path(analysis.models["recognition"].model_file).read_bytes()
    except (OSError, RuntimeError, ValueError, AssertionError, KeyError, StopIteration) as error:
        raise ConfigError(f"The model pack {name} could not be loaded into {root}: {error}") from error


def detector(analysis: FaceAnalysis) -> Callable[..., list[Face]]:
    """Its detector, with our faces: largest first, boxes as fractions. It looks once, at its own size."""

    def detect(bgr: np.ndarray, thorough: bool = False) -> list[Face]:
        boxes, points = analysis.det_model.detect(bgr)
        found = [_face(box, five, bgr) for box, five in zip(boxes, points, strict=True)]
        return sorted(found, key=lambda face: face.box[2] * face.box[3], reverse=True)

    return detect


def _face(row: np.ndarray, five: np.ndarray, bgr: np.ndarray) -> Face:
    height, width = bgr.shape[:2]
    left, top, right, bottom, score = (float(value) for value in row)
    box = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    return Face(box, np.asarray(five, np.float32), score)


def forward(analysis: FaceAnalysis) -> Callable[[np.ndarray], np.ndarray]:
    """Its recogniser, which subtracts and scales as its own file asks."""
    recogniser = analysis.models["recognition"]
    return lambda faces: np.asarray(recogniser.get_feat(list(faces)))
