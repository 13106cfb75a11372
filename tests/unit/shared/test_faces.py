"""Finding faces in real photographs, with the real detector."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from pictures import as_file, crowd, lying
from PIL import Image

from shared.config import Settings
from shared.errors import ConfigError
from shared.faces import DETECTOR, Face, YuNet, choose
from shared.photos import clean, pixels
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


def seen(yunet: YuNet, image: Image.Image) -> list[Face]:
    return yunet.detect(pixels(clean(as_file(image, quality=95)).data))


@pytest.mark.parametrize(("size", "eyes"), [((3000, 2000), 14), ((1600, 1200), 14), ((900, 700), 13)])
def test_forty_people_are_all_found_each_once(yunet: YuNet, size: tuple[int, int], eyes: int) -> None:
    assert len(seen(yunet, crowd(size, [eyes] * 40))) == 40


def test_a_small_face_far_behind_large_ones_is_found(yunet: YuNet) -> None:
    image = crowd((3000, 2250), [150, 150, 150, 150, 150, 14])
    found = yunet.detect(pixels(as_file(image)), thorough=True)
    assert len(found) == 6
    assert quality(pixels(as_file(image)), found[-1]).components["size"] < 30


@pytest.mark.parametrize(
    ("people", "eyes", "turn"),
    [
        (1, 90, Image.Transpose.ROTATE_90), (1, 90, Image.Transpose.ROTATE_180), (1, 90, Image.Transpose.ROTATE_270),
        (12, 30, Image.Transpose.ROTATE_90), (12, 30, Image.Transpose.ROTATE_180),
        (40, 14, Image.Transpose.ROTATE_270),
    ],
)  # fmt: skip
def test_a_photo_that_lies_on_its_side_or_head_shows_the_same_faces_in_their_places(
    yunet: YuNet, people: int, eyes: int, turn: Image.Transpose
) -> None:
    image = crowd((3000, 2000) if eyes < 20 else (1600, 1200), [eyes] * people)
    upright, turned = seen(yunet, image), seen(yunet, image.transpose(turn))
    assert len(upright) == len(turned) == people
    back = {
        Image.Transpose.ROTATE_90: lambda x, y: (1 - y, x),
        Image.Transpose.ROTATE_180: lambda x, y: (1 - x, 1 - y),
        Image.Transpose.ROTATE_270: lambda x, y: (y, 1 - x),
    }[turn]
    for face in turned:
        assert not isinstance(choose(upright, back(*face.centre)), str)


def test_a_turned_faces_landmarks_are_turned_back_with_it(yunet: YuNet) -> None:
    image = crowd((1000, 800), [60])
    (upright,), (turned,) = seen(yunet, image), seen(yunet, image.transpose(Image.Transpose.ROTATE_90))
    back = np.stack([1000 - turned.landmarks[:, 1], turned.landmarks[:, 0]], axis=1)
    assert np.abs(back - upright.landmarks).max() < 3


@pytest.mark.parametrize("degrees", [-25, 25])
def test_a_tilted_head_is_found_as_it_is(yunet: YuNet, degrees: int) -> None:
    (face,) = seen(yunet, crowd((1200, 900), [60]).rotate(degrees, Image.Resampling.BICUBIC))
    across = face.landmarks[1] - face.landmarks[0]
    assert np.sign(-across[1]) == np.sign(degrees)
    assert face.score > 0.85


@pytest.mark.parametrize("orientation", [None, 6])
def test_a_phone_photo_is_upright_whether_exif_says_how_it_lies_or_not(yunet: YuNet, orientation: int | None) -> None:
    (face,) = yunet.detect(pixels(clean(lying("impostor_1", orientation)).data))
    assert face.score > 0.9
