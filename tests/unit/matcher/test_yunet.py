"""The matcher's detector finds what OpenCV finds with the same file, to the pixel."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from services.matcher import running
from services.matcher.networks import YUNET
from services.matcher.yunet import Engine
from shared.faces import DETECTOR, MIN_SCORE, NMS

PORTRAITS = sorted((Path(__file__).parents[2] / "data" / "portraits").glob("*.jpg"))


def crowd() -> np.ndarray:
    """All portraits in one picture, in two sizes."""
    row = np.hstack([cv2.resize(cv2.imread(str(path)), (200, 260)) for path in PORTRAITS])
    return np.vstack([row, cv2.resize(row[:, :600], (1200, 520))])


@pytest.fixture(scope="module")
def engine(installed: Path) -> Engine:
    graph = (installed / YUNET.source.folder / YUNET.prepared_name).read_bytes()
    return Engine(running.open_session(graph))


@pytest.mark.parametrize("longest", [200, 641, 1280])
def test_it_finds_the_faces_that_opencv_finds_where_opencv_finds_them(
    longest: int, engine: Engine, installed: Path
) -> None:
    for bgr in [*(cv2.imread(str(path)) for path in PORTRAITS), crowd()]:
        scale = longest / max(bgr.shape[:2])
        bgr = cv2.resize(bgr, None, fx=scale, fy=scale)
        theirs = cv2.FaceDetectorYN.create(str(installed / DETECTOR), "", bgr.shape[1::-1], MIN_SCORE, NMS)
        _, wanted = theirs.detect(bgr)
        _, found = engine.detect(bgr)
        assert (found is None) == (wanted is None)
        if found is not None:
            assert np.allclose(found, wanted, atol=0.05)


def test_where_there_is_no_face_there_is_no_row(engine: Engine) -> None:
    assert engine.detect(np.full((90, 70, 3), 128, np.uint8)) == (1, None)
