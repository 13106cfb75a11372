"""Reads MobileFaceNet's TensorFlow Lite file and builds the same network as ONNX.

The file is a FlatBuffer of TensorFlow's schema (tensorflow/lite/schema/schema.fbs); SLOTS are its fields' places there.
Only what this network uses is understood, and anything else is refused. Its batch, fixed at two, becomes any.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from flatbuffers import encode, number_types, packer
from flatbuffers.table import Table
from onnx import ModelProto

from services.matcher.graphs.build import Builder

CODES = {0: "ADD", 3: "CONV", 4: "DEPTHWISE", 18: "MUL", 19: "RELU", 22: "RESHAPE", 41: "SUB", 101: "ABS"}
SLOTS = {
    "codes": 1, "subgraphs": 2, "buffers": 4,  # Model
    "tensors": 0, "operators": 3,  # SubGraph
    "shape": 0, "buffer": 2,  # Tensor
    "code": 0, "inputs": 1, "outputs": 2, "options": 4,  # Operator; OperatorCode's code is 0 as well
    "padding": 0, "stride": 1,  # Conv2DOptions, DepthwiseConv2DOptions
    "data": 0,  # Buffer
}  # fmt: skip
FLOAT, INT32 = np.dtype("<f4"), np.dtype("<i4")


def _at(table: Table, field: str) -> int:
    return int(table.Offset(4 + 2 * SLOTS[field]))


def _number(table: Table, field: str, kind: type) -> int:
    where = _at(table, field)
    return int(table.Get(kind, table.Pos + where)) if where else 0


def _table(table: Table, field: str) -> Table:
    return Table(table.Bytes, table.Indirect(table.Pos + _at(table, field)))


def _tables(table: Table, field: str) -> list[Table]:
    where = _at(table, field)
    start = table.Vector(where)
    return [Table(table.Bytes, table.Indirect(start + 4 * place)) for place in range(table.VectorLen(where))]


def _array(table: Table, field: str, kind: np.dtype) -> np.ndarray:  # type: ignore[type-arg]
    where = _at(table, field)
    if not where:
        return np.zeros(0, kind)
    length = table.VectorLen(where) * (1 if field == "data" else kind.itemsize)
    return np.frombuffer(table.Bytes, kind, length // kind.itemsize, table.Vector(where))


@dataclass(frozen=True)
class Step:
    """One operator: what it does to which tensors, by their numbers."""

    kind: str
    inputs: list[int]
    output: int
    operator: Table


class File:
    """The one graph in a TensorFlow Lite file."""

    def __init__(self, data: bytes) -> None:
        whole = Table(data, encode.Get(packer.uoffset, data, 0))
        (self._graph,) = _tables(whole, "subgraphs")
        self._codes = [_number(code, "code", number_types.Int8Flags) for code in _tables(whole, "codes")]
        self._buffers = _tables(whole, "buffers")
        self._tensors = _tables(self._graph, "tensors")

    def shape(self, tensor: int) -> list[int]:
        return [int(length) for length in _array(self._tensors[tensor], "shape", INT32)]

    def weight(self, tensor: int) -> np.ndarray:
        """A tensor's values; none for one that is computed."""
        place = _number(self._tensors[tensor], "buffer", number_types.Uint32Flags)
        values = _array(self._buffers[place], "data", FLOAT)
        return values.reshape(self.shape(tensor)) if values.size else values

    def steps(self) -> Iterator[Step]:
        for operator in _tables(self._graph, "operators"):
            code = self._codes[_number(operator, "code", number_types.Uint32Flags)]
            if code not in CODES:
                raise ValueError(f"the operator {code} is not one of MobileFaceNet's")
            inputs = [int(place) for place in _array(operator, "inputs", INT32)]
            yield Step(CODES[code], inputs, int(_array(operator, "outputs", INT32)[0]), operator)


def mobilefacenet(data: bytes) -> ModelProto:
    """The network as ONNX: RGB faces (n, 3, 112, 112) to (n, 192). Raises ValueError where it is another network."""
    file, builder = File(data), Builder()
    reading = _Reading(file, builder)
    for step in file.steps():
        reading.take(step)
    return builder.model(reading.last, 112, 192)


class _Reading:
    """Builds as it reads. The file spells each PReLU as relu(x) + a * (x - |x|), that is, with a slope of 2 a."""

    def __init__(self, file: File, builder: Builder) -> None:
        self._file, self._builder = file, builder
        self._names: dict[int, str] = {}
        self._relu: dict[int, int] = {}
        self._below: dict[int, int] = {}
        self._slope: dict[int, tuple[int, np.ndarray]] = {}
        self.last = ""

    def take(self, step: Step) -> None:
        if step.kind == "RELU":
            self._relu[step.output] = step.inputs[0]
        elif step.kind in ("ABS", "SUB"):
            self._below[step.output] = step.inputs[0]
        elif step.kind == "MUL":
            self._slope[step.output] = (self._below[step.inputs[1]], 2 * self._file.weight(step.inputs[0]))
        else:
            self.last = self._names[step.output] = self._built(step)

    def _built(self, step: Step) -> str:
        if step.kind == "RESHAPE":
            return self._builder.add("Flatten", self._name(step.inputs[0]))
        if step.kind != "ADD":
            return self._convolution(step)
        first, second = step.inputs
        if second not in self._slope:
            return self._builder.add("Add", self._name(first), self._name(second))
        x, slope = self._slope[second]
        if self._relu[first] != x:
            raise ValueError("an activation is not MobileFaceNet's")
        return self._builder.add("PRelu", self._name(x), self._builder.weight(slope.reshape(-1, 1, 1)))

    def _convolution(self, step: Step) -> str:
        x, kernel, bias = step.inputs
        deep = step.kind == "DEPTHWISE"
        values = self._file.weight(kernel).transpose((3, 0, 1, 2) if deep else (0, 3, 1, 2))
        options = _table(step.operator, "options")
        stride = _number(options, "stride", number_types.Int32Flags)
        same = _number(options, "padding", number_types.Int8Flags) == 0
        before, after = _same(self._file.shape(x)[1], values.shape[2], stride) if same else (0, 0)
        pads = (before, before, after, after)
        return self._builder.convolution(
            self._name(x), values, self._file.weight(bias), stride, pads, len(values) if deep else 1
        )

    def _name(self, tensor: int) -> str:
        """A tensor's name; the picture's is that of the normalised picture."""
        if tensor not in self._names and not self._names:
            self._names[tensor] = self._builder.centred([127.5] * 3, 1 / 128)
        return self._names[tensor]


def _same(length: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME padding before and after, in pixels."""
    whole = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return whole // 2, whole - whole // 2
