"""How faces are cut out: as insightface does for its geometry, as dlib does for its own."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from insightface.utils.face_align import arcface_dst, norm_crop

from services.matcher.align import ARCFACE, DLIB, crops, placeable, similarity
from shared.faces import Face

PORTRAITS = Path(__file__).parents[2] / "data" / "portraits"
RANDOM = np.random.default_rng(3)
PHOTO = cv2.imread(str(PORTRAITS / "person_a_1.jpg"))


def face(points: np.ndarray) -> Face:
    return Face((0.1, 0.1, 0.5, 0.5), points.astype(np.float32), 0.9)


@pytest.mark.filterwarnings("ignore:.*estimate.*deprecated:FutureWarning")
def test_a_face_is_cut_out_pixel_for_pixel_as_insightface_cuts_it() -> None:
    assert np.array_equal(np.asarray(ARCFACE.points, np.float32), arcface_dst)
    for _ in range(20):
        points = arcface_dst * RANDOM.uniform(0.5, 6) + RANDOM.normal(0, 8, (5, 2)) + RANDOM.uniform(-50, 300, 2)
        (crop,) = crops([(PHOTO, face(points))], ARCFACE)
        assert np.array_equal(crop, norm_crop(PHOTO, points.astype(np.float32), 112))


def test_turned_scaled_and_shifted_points_are_brought_back() -> None:
    target = np.asarray(DLIB.points)
    turn = 2.5 * np.asarray([[0.6, -0.8], [0.8, 0.6]])
    matrix = similarity(target @ turn.T + [7, -3], target)
    assert np.allclose((target @ turn.T + [7, -3]) @ matrix[:, :2].T + matrix[:, 2], target)


def test_landmarks_in_one_place_or_nowhere_are_no_face() -> None:
    for points in (np.ones((5, 2)), np.full((5, 2), np.nan)):
        assert not placeable(face(points))
        assert not crops([(PHOTO, face(points))], ARCFACE).any()
    assert placeable(face(np.asarray(ARCFACE.points)))


def test_in_dlibs_geometry_the_eyes_and_the_nose_lie_where_dlib_itself_puts_them() -> None:
    """dlib's own five points are the corners of the eyes and the base of the nose."""
    right, left, base = (0.1205750620789, 0.3340850613712), (0.6460604764104, 0.8595674595992), 0.6277975316475
    middles = np.asarray([(np.mean(right), 0.2214), (np.mean(left), 0.2212)])
    assert np.allclose(DLIB.points[:2], 150 * (middles + 0.25) / 1.5, atol=0.5)
    nose = DLIB.points[2]
    assert nose[0] == pytest.approx(150 * (0.4901123135679 + 0.25) / 1.5, abs=0.1)
    assert DLIB.points[0][1] < nose[1] < 150 * (base + 0.25) / 1.5
