"""SFace rewritten yields what SFace as shipped yields, at any batch size."""

import os
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from services.matcher import sface
from services.matcher.install import OPENCV_ZOO

FILE = Path(os.environ["HOMEWARD_MODELS"]) / OPENCV_ZOO.name / OPENCV_ZOO.files[1].name


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (5, 112, 112, 3), dtype=np.uint8)


def as_shipped(faces: np.ndarray) -> np.ndarray:
    """One face at a time; the weights that the file asks for and never reads are given as zeros."""
    session = onnxruntime.InferenceSession(str(FILE), sface.session_options())
    unread = {x.name: np.zeros(x.shape, np.float32) for x in session.get_inputs() if x.name != sface.INPUT}
    rgb = faces[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)
    return np.vstack([session.run(None, {sface.INPUT: face[None], **unread})[0] for face in rgb])


def test_the_rewritten_network_embeds_as_the_shipped_one_does(faces: np.ndarray) -> None:
    ours, theirs = sface.forward(sface.prepared(FILE.read_bytes()))(faces), as_shipped(faces)
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    assert ours.shape == (5, 128)
    assert (ours * theirs).sum(axis=1) / lengths == pytest.approx(1.0, abs=1e-6)
    assert np.abs(ours - theirs).max() < 1e-4


def test_a_face_embeds_alike_alone_and_in_company(faces: np.ndarray) -> None:
    forward = sface.forward(sface.prepared(FILE.read_bytes()))
    assert np.allclose(forward(faces)[2:3], forward(faces[2:3]), atol=1e-4)


def test_only_the_picture_is_an_input_and_nothing_slow_is_left_in_the_graph() -> None:
    model = sface.prepared(FILE.read_bytes())
    assert [value.name for value in model.graph.input] == [sface.INPUT]
    assert not {node.op_type for node in model.graph.node} & {"PRelu", "DequantizeLinear", "Reshape"}
