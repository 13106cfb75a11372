"""What is said of a face's quality, on real portraits that are spoilt in one way at a time."""

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from pictures import as_file, cartoon, doll
from PIL import Image

from shared.faces import DETECTOR, Face, YuNet
from shared.measures import UPRIGHT, pose
from shared.messages import QualityReason
from shared.photos import clean, pixels
from shared.quality import WEIGHTS, Quality, quality, unified

ROOT = Path(__file__).parents[3]
PORTRAITS = ROOT / "tests" / "data" / "portraits"
NAMES = ("person_a_1", "person_a_2", "person_b_1", "person_b_2", "impostor_1", "impostor_2")
Spoil = Callable[[np.ndarray, Face], None]


@pytest.fixture(scope="module")
def yunet() -> YuNet:
    return YuNet(Path(os.environ.get("HOMEWARD_MODELS", ROOT / ".cache" / "models")) / DETECTOR)


@pytest.fixture(scope="module", params=NAMES)
def portrait(request: pytest.FixtureRequest, yunet: YuNet) -> tuple[np.ndarray, Face]:
    image = pixels((PORTRAITS / f"{request.param}.jpg").read_bytes())
    return image, yunet.detect(image)[0]


def eyes(face: Face) -> float:
    return float(np.linalg.norm(face.landmarks[0] - face.landmarks[1]))


def glasses(image: np.ndarray, face: Face) -> None:
    for x, y in face.landmarks[:2]:
        axes = (int(0.42 * eyes(face)), int(0.32 * eyes(face)))
        cv2.ellipse(image, (int(x), int(y)), axes, 0, 0, 360, (25, 22, 20), -1)


def mask(image: np.ndarray, face: Face) -> None:
    x, y = face.landmarks[3:].mean(axis=0)
    axes = (int(0.8 * eyes(face)), int(0.6 * eyes(face)))
    cv2.ellipse(image, (int(x), int(y)), axes, 0, 0, 360, (210, 190, 170), -1)


def shadow_on_the_eyes(image: np.ndarray, face: Face) -> None:
    middle = face.landmarks[:2, 1].mean()
    band = image[int(middle - 0.6 * eyes(face)) : int(middle + 0.25 * eyes(face))]
    band[:] = band * 0.3


def light_from_one_side(image: np.ndarray, face: Face) -> None:
    side = image[:, : int(face.landmarks[2, 0])]
    side[:] = side * 0.25


def night(image: np.ndarray, face: Face) -> None:
    image[:] = image * 0.15


def flash(image: np.ndarray, face: Face) -> None:
    image[:] = np.clip(image * 4.0, 0, 255)


def measured(portrait: tuple[np.ndarray, Face], *spoils: Spoil) -> Quality:
    image, face = portrait[0].copy(), portrait[1]
    for spoil in spoils:
        spoil(image, face)
    return quality(image, face)


def test_a_good_portrait_scores_high_and_needs_no_advice(portrait: tuple[np.ndarray, Face]) -> None:
    plain = measured(portrait)
    assert (plain.reason, plain.advice) == (None, ())
    assert plain.score > 90


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (glasses, "eyes_hidden"), (mask, "mouth_hidden"), (shadow_on_the_eyes, "eyes_in_shadow"),
        (light_from_one_side, "uneven_light"), (night, "dark"), (flash, "bright"),
    ],
)  # fmt: skip
def test_what_spoils_a_photo_is_named_lowers_the_score_and_refuses_nothing(
    portrait: tuple[np.ndarray, Face], spoil: Spoil, reason: QualityReason
) -> None:
    spoilt = measured(portrait, spoil)
    assert reason in spoilt.advice
    assert spoilt.reason is None
    assert spoilt.score < measured(portrait).score - 5


def test_two_faults_are_both_named_and_score_lower_than_each(portrait: tuple[np.ndarray, Face]) -> None:
    both = measured(portrait, mask, night)
    assert {"mouth_hidden", "dark"} <= set(both.advice)
    assert both.score < min(measured(portrait, mask).score, measured(portrait, night).score)


def test_a_dark_but_sharp_photo_is_not_called_blurred(portrait: tuple[np.ndarray, Face]) -> None:
    dark = measured(portrait, night)
    assert dark.components["sharpness"] > 80
    assert not {"soft", "too_blurred"} & set(dark.reasons)


def test_the_score_falls_with_the_size_until_the_face_is_too_small(portrait: tuple[np.ndarray, Face]) -> None:
    image, face = portrait
    seen = []
    for pixels_apart in (30, 24, 18, 13, 10):
        scale = pixels_apart / eyes(face)
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        seen.append(quality(small, Face(face.box, face.landmarks * scale, face.score)))
    assert [one.score for one in seen] == sorted((one.score for one in seen), reverse=True)
    assert [one.reason for one in seen] == [None, None, None, None, "too_small"]
    assert "small_face" in seen[2].advice


def test_the_more_it_is_blurred_the_less_it_scores_first_with_advice_then_refused(
    portrait: tuple[np.ndarray, Face],
) -> None:
    image, face = portrait
    seen = [quality(cv2.GaussianBlur(image, (0, 0), eyes(face) * blur / 400), face) for blur in range(2, 90, 3)]
    scores = [one.score for one in seen]
    assert all(later <= earlier + 1 for earlier, later in pairwise(scores))
    told = [one.reasons[0] if one.reasons else "clear" for one in seen]
    assert told == sorted(told, key=["clear", "soft", "too_blurred"].index)
    assert set(told) == {"clear", "soft", "too_blurred"}


def test_a_mirrored_face_scores_the_same(portrait: tuple[np.ndarray, Face]) -> None:
    image, face = portrait
    landmarks = face.landmarks[[1, 0, 2, 4, 3]] * [-1, 1] + [image.shape[1], 0]
    x, y, w, h = face.box
    mirrored = Face((1 - x - w, y, w, h), landmarks.astype(np.float32), face.score)
    assert quality(np.ascontiguousarray(image[:, ::-1]), mirrored).score == pytest.approx(
        quality(image, face).score, abs=2
    )


HEAD = np.asarray([[-31, -33, -26], [31, -33, -26], [0, 0, 0], [-25, 30, -24], [25, 30, -24]], float)
"""Five points of a mean head in millimetres, right, down, and towards the viewer."""


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """The landmarks of such a head, turned and seen from afar."""
    y, p, r = np.radians([yaw, pitch, roll])
    across = np.asarray([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    nod = np.asarray([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    tilt = np.asarray([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return ((tilt @ nod @ across @ HEAD.T).T[:, :2] + 100).astype(np.float32)


@pytest.mark.parametrize("degrees", [-55, -30, 0, 30, 55])
def test_yaw_is_told_from_five_points_within_ten_degrees_and_roll_within_one(degrees: int) -> None:
    yaw, _, roll = pose(turned(yaw=degrees, roll=20))
    assert yaw == pytest.approx(degrees, abs=10)
    assert roll == pytest.approx(20, abs=1)


def test_looking_up_and_looking_down_are_told_apart() -> None:
    ups = [pose(turned(pitch=degrees))[1] for degrees in (-30, -15, 0, 15, 30)]
    assert ups == sorted(ups) or ups == sorted(ups, reverse=True)
    assert abs(ups[2]) < 5 < 20 < abs(ups[0])


def test_a_face_in_profile_is_refused_and_one_turned_aside_is_only_advised(portrait: tuple[np.ndarray, Face]) -> None:
    image, face = portrait
    aside, profile = (
        Face(face.box, face.landmarks.mean(axis=0) + (turned(yaw=yaw) - 100).astype(np.float32) * eyes(face) / 62, 0.9)
        for yaw in (45, 75)
    )
    assert (quality(image, aside).reason, "turned" in quality(image, aside).advice) == (None, True)
    assert quality(image, profile).reason == "turned_away"


def test_a_turned_picture_of_a_face_is_measured_like_the_upright_one(portrait: tuple[np.ndarray, Face]) -> None:
    image, face = portrait
    height = image.shape[0]
    x, y, w, h = face.box
    landmarks = np.stack([height - face.landmarks[:, 1], face.landmarks[:, 0]], axis=1)
    sideways = Face((1 - y - h, x, h, w), landmarks, face.score)
    assert quality(np.rot90(image, -1).copy(), sideways).score == pytest.approx(quality(image, face).score, abs=2)


def test_the_weights_make_one_whole_and_one_failed_part_pulls_the_score_down() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    full = dict.fromkeys(WEIGHTS, 100.0)
    assert unified(full) == 100
    assert unified(full | {"sharpness": 0.0}) < 100 * (1 - WEIGHTS["sharpness"])


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_face_on_an_even_colour_or_outside_the_picture_still_has_a_number(value: int) -> None:
    image = np.full((80, 80, 3), value, np.uint8)
    for box, shift in (((0.1, 0.1, 0.8, 0.8), 0), ((-0.9, -0.9, 0.8, 0.8), -300), ((1.5, 1.5, 0.5, 0.5), 900)):
        seen = quality(image, Face(box, UPRIGHT + np.float32(shift), 0.7))
        assert 0 < seen.score <= 100
        assert seen.reason == ("too_small" if shift else "too_blurred")


@pytest.mark.parametrize("make", [cartoon, doll])
def test_a_drawn_face_is_told_from_a_photographed_one(yunet: YuNet, make: Callable[[], Image.Image]) -> None:
    image = pixels(clean(as_file(make())).data)
    assert quality(image, yunet.detect(image)[0]).reason == "drawn"


def test_a_smoothed_face_a_dark_one_and_a_burnt_one_are_not_taken_for_drawings(
    portrait: tuple[np.ndarray, Face],
) -> None:
    image, face = portrait
    assert quality(cv2.bilateralFilter(image, 15, 60, 15), face).reason is None
    assert measured(portrait, night).reason is None
    assert measured(portrait, flash).reason is None
