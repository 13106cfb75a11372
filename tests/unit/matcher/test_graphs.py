"""Prepared networks yield what the published ones yield, for any number of faces."""

from pathlib import Path

import cv2
import dlib
import numpy as np
import onnx
import onnxruntime
import pytest

from services.matcher import graphs, running
from services.matcher.graphs import build, tflite, tidy
from services.matcher.graphs.dlib import resnet
from services.matcher.networks import DLIB_RESNET, MOBILEFACENET, SFACE, Network

ALL = [SFACE, MOBILEFACENET, DLIB_RESNET]
PORTRAITS = sorted((Path(__file__).parents[2] / "data" / "portraits").glob("*.jpg"))


def faces(network: Network) -> np.ndarray:
    """Pictures of the network's size, uint8 BGR, and one of noise."""
    side = network.geometry.side
    people = [cv2.resize(cv2.imread(str(path)), (side, side)) for path in PORTRAITS]
    noise = np.random.default_rng(5).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return np.stack([*people, noise])


def ready(network: Network, models: Path) -> bytes:
    assert network.source is not None
    return (models / network.source.folder / network.prepared_name).read_bytes()


def original(network: Network, models: Path) -> Path:
    assert network.source is not None
    assert network.file is not None
    return models / network.source.folder / network.file.name


def embedded(network: Network, models: Path, pictures: np.ndarray) -> np.ndarray:
    return running.forward(running.open_session(ready(network, models)))(pictures)


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)


def sface_as_shipped(file: Path, pictures: np.ndarray) -> np.ndarray:
    """One by one, as the file fixes its batch, with zeros for the inputs that it lists and nobody reads."""
    session = onnxruntime.InferenceSession(str(file), running.session_options())
    unread = {x.name: np.zeros(x.shape, np.float32) for x in session.get_inputs() if x.name != "data"}
    rgb = pictures[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)
    return np.vstack([session.run(None, {"data": face[None], **unread})[0] for face in rgb])


def test_sface_prepared_is_sface_as_shipped(installed: Path) -> None:
    pictures = faces(SFACE)
    theirs = sface_as_shipped(original(SFACE, installed), pictures)
    assert cosines(embedded(SFACE, installed, pictures), theirs).min() > 0.99999


def test_dlibs_network_is_dlibs_own(installed: Path) -> None:
    pictures = faces(DLIB_RESNET)
    theirs = dlib.face_recognition_model_v1(str(original(DLIB_RESNET, installed)))
    described = [theirs.compute_face_descriptor(np.ascontiguousarray(face[..., ::-1])) for face in pictures]
    assert np.allclose(embedded(DLIB_RESNET, installed, pictures), np.asarray(described), atol=1e-5)


def test_mobilefacenet_prepared_is_what_its_file_says_operator_by_operator(installed: Path) -> None:
    pictures = faces(MOBILEFACENET)
    rgb = pictures[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32)
    file = tflite.File(original(MOBILEFACENET, installed).read_bytes())
    theirs = literally(file, (rgb - 127.5) / 128)
    assert cosines(embedded(MOBILEFACENET, installed, pictures), theirs).min() > 0.99999


def literally(file: tflite.File, picture: np.ndarray) -> np.ndarray:
    """Runs the file's own operators, none put together with another, each in a graph of its own."""
    known: dict[int, np.ndarray] = {}
    for step in file.steps():
        values = []
        for tensor in step.inputs:
            weight = file.weight(tensor)
            values.append(weight if weight.size and tensor not in known else known.setdefault(tensor, picture))
        known[step.output] = one_operator(file, step, values)
    return known[step.output]


def one_operator(file: tflite.File, step: tflite.Step, values: list[np.ndarray]) -> np.ndarray:
    first = values[0]
    if step.kind == "RESHAPE":
        return first.reshape(len(first), -1)
    if step.kind in ("RELU", "ABS"):
        return np.maximum(first, 0) if step.kind == "RELU" else np.abs(first)
    if step.kind == "MUL":
        return first.reshape(-1, 1, 1) * values[1]
    if step.kind in ("ADD", "SUB"):
        return first + values[1] if step.kind == "ADD" else first - values[1]
    builder = build.Builder()
    reading = tflite._Reading(file, builder)
    reading._names[step.inputs[0]] = graphs.INPUT
    name = reading._convolution(step)
    model = builder.model(name, 1, 1)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.ClearField("shape")
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {graphs.INPUT: first})[0])


@pytest.mark.parametrize("network", ALL, ids=lambda network: network.name)
def test_faces_in_a_batch_are_embedded_as_one_by_one(network: Network, installed: Path) -> None:
    pictures = faces(network)
    together = embedded(network, installed, pictures)
    assert together.shape == (len(pictures), network.dimension)
    assert together.dtype == np.float32
    forward = running.forward(running.open_session(ready(network, installed)))
    alone = np.vstack([forward(picture[None]) for picture in pictures])
    assert np.allclose(together, alone, rtol=1e-4, atol=1e-4 * np.abs(alone).max())


@pytest.mark.parametrize("network", ALL, ids=lambda network: network.name)
def test_only_the_picture_is_an_input_and_nothing_slow_is_left_in_the_graph(network: Network, installed: Path) -> None:
    model = onnx.load_model_from_string(ready(network, installed))
    (picture,) = model.graph.input
    assert (picture.name, picture.type.tensor_type.shape.dim[0].dim_param) == (graphs.INPUT, "n")
    slow = {"PRelu", "DequantizeLinear", "Reshape", "Dropout", "Abs", "Transpose"}
    assert not {node.op_type for node in model.graph.node} & slow


def test_a_batch_normalisation_is_taken_into_its_convolution_exactly() -> None:
    builder, random = build.Builder(), np.random.default_rng(8)
    kernel, bias = random.normal(size=(4, 3, 3, 3)).astype(np.float32), random.normal(size=4).astype(np.float32)
    x = builder.convolution(graphs.INPUT, kernel, bias)
    norm = [builder.weight(random.uniform(0.5, 2, 4).astype(np.float32)) for _ in range(4)]
    x = builder.add("Flatten", builder.add("BatchNormalization", x, *norm))
    before = builder.model(x, 8, 144)
    after = onnx.ModelProto.FromString(before.SerializeToString())
    tidy.fold_batch_norm(after)
    assert [node.op_type for node in after.graph.node] == ["Conv", "Flatten"]
    pictures = random.integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)
    one, other = (running.forward(running.open_session(m.SerializeToString()))(pictures) for m in (before, after))
    assert np.allclose(one, other, rtol=1e-5, atol=1e-2)


def test_a_file_that_is_another_network_is_refused(installed: Path) -> None:
    data = original(DLIB_RESNET, installed).read_bytes()
    with pytest.raises(ValueError, match="the file ends too early"):
        resnet(data[: len(data) // 2])
    with pytest.raises(ValueError, match="parameters that the network needs"):
        resnet(b"")
