"""Which faces are embedded, and that bystanders are not."""

import numpy as np
import pytest

from services.matcher import embed
from services.matcher.calibration import SFACE
from services.matcher.packs import FacePack, Manifest, Network
from shared.faces import Face

EYES = np.asarray([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], np.float32)


def face(x: float, y: float = 0.1, scale: float = 1.0, at: float = 0.0) -> Face:
    return Face((x, y, 0.2, 0.4), EYES * scale + [at, 0], 0.9)


LEFT, RIGHT = face(0.1), face(0.6, at=150)
NOISE = np.random.default_rng(1).integers(0, 256, (300, 300, 3), dtype=np.uint8)


class Spy:
    """A pack of two numbers a face: the mean brightness of its left and right half. Counts what it was given."""

    def __init__(self, *faces: Face) -> None:
        self.batches: list[int] = []
        self.pack = FacePack(
            Manifest("spy", "none", (Network("spy", 2),), SFACE),
            "1",
            lambda bgr, thorough=False: list(faces),
            (self.forward,),
        )

    def forward(self, crops: np.ndarray) -> np.ndarray:
        self.batches.append(len(crops))
        halves = crops.reshape(len(crops), 112, 2, 56, 3).mean(axis=(1, 3, 4))
        return np.asarray(halves, np.float32)


def test_the_only_face_is_meant_when_nothing_is_marked_and_none_where_there_are_several() -> None:
    assert embed.marked([LEFT], None) == [LEFT]
    assert embed.marked([LEFT, RIGHT], None) == []
    assert embed.marked([], None) == []


def test_marks_choose_faces_each_once_and_a_mark_beside_every_face_chooses_none() -> None:
    assert embed.marked([LEFT, RIGHT], [(0.2, 0.3)]) == [LEFT]
    assert embed.marked([LEFT, RIGHT], [(0.7, 0.3), (0.71, 0.3), (0.2, 0.3)]) == [RIGHT, LEFT]
    assert embed.marked([LEFT, RIGHT], [(0.5, 0.99)]) == []
    assert embed.marked([LEFT, RIGHT], []) == []


def test_a_vector_has_unit_length_and_is_the_same_for_a_face_and_its_mirror_image() -> None:
    spy = Spy()
    (vector,) = embed.vectors(spy.pack, [(NOISE, LEFT)])
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0)
    assert vector[0] == pytest.approx(vector[1], abs=1e-6)
    assert spy.batches == [2]


def test_many_faces_go_through_the_network_in_batches_and_none_is_no_work() -> None:
    spy = Spy()
    assert embed.vectors(spy.pack, [(NOISE, LEFT), (NOISE, RIGHT)] * 5).shape == (10, 2)
    assert spy.batches == [8, 8, 4]
    assert embed.vectors(spy.pack, []).shape == (0, 2)
    assert spy.batches == [8, 8, 4]


def test_a_face_that_is_too_small_too_blurred_or_not_there_is_not_embedded() -> None:
    grey = np.full((300, 300, 3), 128, np.uint8)
    for spy, bgr, outcome in (
        (Spy(face(0.1, scale=0.2)), NOISE, "too_small"),
        (Spy(LEFT), grey, "too_blurred"),
        (Spy(), NOISE, "no_face"),
        (Spy(LEFT, RIGHT), NOISE, "several_faces"),
    ):
        seen = embed.portrait(spy.pack, bgr, None)
        assert (seen.outcome, seen.vector, spy.batches) == (outcome, None, [])


def test_the_marked_face_of_several_is_enrolled_with_its_quality() -> None:
    spy = Spy(LEFT, RIGHT)
    seen = embed.portrait(spy.pack, NOISE, (0.7, 0.3))
    assert seen.outcome == "enrolled"
    assert seen.vector is not None
    assert seen.quality is not None
    assert 0 < seen.quality <= 100
    assert spy.batches == [2]
