"""Finding faces in real photographs, with the real detector."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from shared.config import Settings
from shared.errors import ConfigError
from shared.faces import DETECTOR, YuNet, choose
from shared.photos import pixels
from shared.quality import quality

ROOT = Path(__file__).parents[3]
PORTRAITS = ROOT / "tests" / "data" / "portraits"
NAMES = ("person_a_1", "person_a_2", "person_b_1", "person_b_2", "impostor_1", "impostor_2")


@pytest.fixture(scope="module")
def yunet() -> YuNet:
    return YuNet(Path(os.environ.get("HOMEWARD_MODELS", ROOT / ".cache" / "models")) / DETECTOR)


def portrait(name: str) -> np.ndarray:
    return pixels((PORTRAITS / f"{name}.jpg").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_each_portrait_has_one_face_of_good_quality(yunet: YuNet, name: str) -> None:
    image = portrait(name)
    face = choose(yunet.detect(image), None)
    assert not isinstance(face, str)
    measured = quality(image, face)
    assert measured.reason is None
    assert measured.score > 20


def test_a_wall_has_no_face_and_three_people_have_several_until_one_is_pointed_at(yunet: YuNet) -> None:
    assert choose(yunet.detect(np.full((300, 300, 3), 128, np.uint8)), None) == "no_face"
    row = np.hstack([cv2.resize(portrait(name), (400, 500)) for name in ("person_a_2", "person_b_1", "impostor_1")])
    faces = yunet.detect(row)
    assert len(faces) == 3
    assert choose(faces, None) == "several_faces"
    middle = choose(faces, (0.5, 0.4))
    assert not isinstance(middle, str)
    assert 1 / 3 < middle.centre[0] < 2 / 3
    assert choose(faces, (0.5, 0.99)) == "no_face"


def test_a_blurred_face_and_a_tiny_one_are_told_apart_from_a_good_one(yunet: YuNet) -> None:
    image = portrait("impostor_1")
    face = yunet.detect(image)[0]
    assert quality(cv2.GaussianBlur(image, (0, 0), 25), face).reason == "too_blurred"
    small = cv2.resize(image, None, fx=0.05, fy=0.05, interpolation=cv2.INTER_AREA)
    shrunk = type(face)(face.box, face.landmarks * 0.05, face.score)
    assert quality(small, shrunk).reason == "too_small"


@pytest.mark.parametrize("place", [(-0.3, 0.1), (0.1, -0.3), (1.0, 0.1), (0.1, 1.2)])
def test_a_face_beside_the_picture_is_too_small(yunet: YuNet, place: tuple[float, float]) -> None:
    image = portrait("impostor_1")
    face = yunet.detect(image)[0]
    beside = type(face)((*place, 0.2, 0.2), face.landmarks, face.score)
    assert quality(image, beside).reason == "too_small"


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="homeward models install"):
        YuNet(Settings(models=tmp_path).models / DETECTOR)
