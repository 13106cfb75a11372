"""Reads dlib's face recognition network from dlib's own file and builds the same network as ONNX.

The file (dlib/serialize.h, dlib/dnn/layers.h) has every layer after the one before it, each with its name and, where it
learned something, a tensor: its version, four lengths and little-endian float32. An integer is one byte that counts
its bytes, and those. The architecture is that of dlib's examples/dnn_face_recognition_ex.cpp. The file is held to its
SHA-256 before, so that looking for the layers' names finds the layers and nothing else.
"""

import re
from dataclasses import dataclass, field

import numpy as np
from onnx import ModelProto

from services.matcher.graphs.build import Builder

SIDE = 150
MEAN = [122.782, 117.001, 104.298]
"""Of red, green and blue: dlib's input_rgb_image_sized, which then divides by 256."""
LAYERS = re.compile(rb"\x01(?:\x05(con_4)|\x07(affine_)|\x04(fc_2))")
LEVELS = ((32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True), (256, 1, True))
"""From the picture on: channels, residual units, whether the first of them halves the picture."""


def learned(data: bytes) -> list[np.ndarray]:
    """Every layer's parameters, from the picture on: of a convolution, an affine layer, or the last matrix."""
    return [_tensor(data, found.end(), skip=2 if found[3] else 0) for found in LAYERS.finditer(data)]


def _tensor(data: bytes, start: int, *, skip: int) -> np.ndarray:
    """The flat tensor at `start`, after `skip` integers."""
    lengths = []
    for place in range(skip + 5):
        value, start = _integer(data, start)
        if place > skip:
            lengths.append(value)
    count = int(np.prod(lengths))
    if len(data) < start + 4 * count:
        raise ValueError("the file ends too early")
    return np.frombuffer(data, "<f4", count, start)


def _integer(data: bytes, start: int) -> tuple[int, int]:
    """dlib's packed integer, and where the next thing begins."""
    end = start + 1 + (data[start] & 0x0F)
    return int.from_bytes(data[start + 1 : end], "little"), end


def resnet(data: bytes) -> ModelProto:
    """The network as ONNX: RGB faces (n, 3, 150, 150) to (n, 128). Raises ValueError where it is another network."""
    return _Reading(learned(data)).model()


@dataclass
class _Reading:
    """Builds the layers in order, taking each one's parameters from the file's."""

    left: list[np.ndarray]
    builder: Builder = field(default_factory=Builder)

    def model(self) -> ModelProto:
        x = self.builder.centred(MEAN, 1 / 256)
        x = self.builder.add("Relu", self._convolution(x, 3, 32, size=7, stride=2))
        x = self.builder.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
        channels = 32
        for wide, units, halves in LEVELS:
            for unit in range(units):
                x = self._residual(x, channels, wide, halves=halves and unit == 0)
                channels = wide
        x = self.builder.add("Flatten", self.builder.add("GlobalAveragePool", x))
        x = self.builder.add("MatMul", x, self.builder.weight(self._next(256 * 128).reshape(256, 128)))
        if self.left:
            raise ValueError("there are more layers than the network has")
        return self.builder.model(x, SIDE, 128)

    def _residual(self, x: str, channels: int, wide: int, *, halves: bool) -> str:
        """x, or its 2 x 2 means, plus two convolutions of it."""
        y = self._convolution(x, channels, wide, stride=2 if halves else 1)
        y = self._convolution(self.builder.add("Relu", y), wide, wide)
        if halves:
            x = self.builder.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
            x, y = self._widened(x, wide - channels), self._grown(y, x)
        return self.builder.add("Relu", self.builder.add("Add", x, y))

    def _widened(self, x: str, more: int) -> str:
        """Channels of zeros after x's own: dlib adds tensors of different sizes as if each ended in zeros."""
        pads = np.asarray([0, 0, 0, 0, 0, more, 0, 0], np.int64)
        return self.builder.add("Pad", x, self.builder.weight(pads)) if more else x

    def _grown(self, y: str, x: str) -> str:
        """y as high and wide as x, with zeros below and right: the means of an even side outnumber the strides."""
        sides = [self._side(name) for name in (y, x)]
        less = sides[1] - sides[0]
        pads = np.asarray([0, 0, 0, 0, 0, 0, less, less], np.int64)
        return self.builder.add("Pad", y, self.builder.weight(pads)) if less else y

    def _side(self, name: str) -> int:
        """The height and width of a tensor that was built."""
        made = {node.output[0]: node for node in self.builder.nodes}
        if name not in made:
            return SIDE
        node = made[name]
        how = {attribute.name: list(attribute.ints) for attribute in node.attribute}
        side = self._side(node.input[0])
        if node.op_type in ("Conv", "MaxPool", "AveragePool"):
            around = how.get("pads", [0, 0, 0, 0])[0]
            return (side + 2 * around - how["kernel_shape"][0]) // how["strides"][0] + 1
        return side + (int(self.builder.weights[node.input[1]][-1]) if node.op_type == "Pad" else 0)

    def _convolution(self, x: str, channels: int, wide: int, size: int = 3, stride: int = 1) -> str:
        """A convolution, padded only where it does not stride, and the affine layer after it, in one."""
        count = wide * channels * size * size
        values = self._next(count + wide)
        gamma, beta = np.split(self._next(2 * wide).astype(np.float64), 2)
        kernel = values[:count].reshape(wide, channels, size, size) * gamma.reshape(-1, 1, 1, 1)
        bias = values[count:] * gamma + beta
        around = size // 2 if stride == 1 else 0
        return self.builder.convolution(x, kernel.astype(np.float32), bias.astype(np.float32), stride, (around,) * 4)

    def _next(self, count: int) -> np.ndarray:
        """The next layer's parameters: a convolution's come before its affine layer's."""
        if not self.left or self.left[0].size != count:
            raise ValueError(f"a layer has not the {count} parameters that the network needs")
        return self.left.pop(0)
