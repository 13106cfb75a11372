"""Steadier landmarks: the same face in another size gives nearly the same ones."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from services.matcher import landmarks
from services.matcher.packs import FacePack, open_pack
from shared.config import Settings
from shared.faces import Face

PORTRAITS = sorted((Path(__file__).parents[2] / "data" / "portraits").glob("*.jpg"))
LARGER = (1.0, 1.13, 1.29, 1.51)


@pytest.fixture(scope="module")
def pack(installed: Path) -> FacePack:
    return open_pack(Settings(models=installed))


def in_sizes(pack: FacePack, path: Path) -> list[tuple[np.ndarray, Face, float]]:
    """A portrait of 300 pixels, and how often larger it was made: each with its largest face."""
    whole = cv2.imread(str(path))
    base = 300 / max(whole.shape[:2])
    resized = [cv2.resize(whole, None, fx=base * by, fy=base * by, interpolation=cv2.INTER_AREA) for by in LARGER]
    return [(bgr, pack.detect(bgr)[0], by) for bgr, by in zip(resized, LARGER, strict=True)]


def spread(points: list[np.ndarray]) -> float:
    """How far landmarks of one face (n of (5, 2)) lie from their mean, as a share of the eyes' distance."""
    every = np.stack(points)
    eyes = np.linalg.norm(every.mean(0)[0] - every.mean(0)[1])
    return float(every.std(0).mean() / eyes)


def test_landmarks_of_one_face_in_several_sizes_agree_more_once_they_are_steadied(pack: FacePack) -> None:
    found, steadied = [], []
    for path in PORTRAITS:
        seen = in_sizes(pack, path)
        found.append(spread([face.landmarks / by for _, face, by in seen]))
        steadied.append(spread([pack.steady(bgr, face).landmarks / by for bgr, face, by in seen]))
    assert np.mean(steadied) < 0.8 * np.mean(found)


def test_they_stay_the_same_faces_landmarks(pack: FacePack) -> None:
    for path in PORTRAITS:
        bgr, face, _ = in_sizes(pack, path)[0]
        steady = pack.steady(bgr, face)
        eyes = np.linalg.norm(face.landmarks[0] - face.landmarks[1])
        assert np.abs(steady.landmarks - face.landmarks).max() < 0.2 * eyes
        assert (steady.box, steady.score) == (face.box, face.score)


def test_a_face_that_is_not_seen_again_keeps_the_landmarks_it_was_found_with(pack: FacePack) -> None:
    grey = np.full((300, 300, 3), 128, np.uint8)
    face = Face((0.3, 0.3, 0.3, 0.3), np.asarray([[100, 120], [140, 120], [120, 140], [105, 160], [135, 160]]), 0.9)
    assert np.array_equal(pack.steady(grey, face).landmarks, face.landmarks)
    assert landmarks.as_found(grey, face) is face
