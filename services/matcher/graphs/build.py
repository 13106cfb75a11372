"""Puts a graph together node by node, for networks that are not published as ONNX."""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from services.matcher.graphs import INPUT

OPSET = 17
IR_VERSION = 8


@dataclass
class Builder:
    """Each method adds a node and returns its output's name. Images are (n, channels, height, width)."""

    nodes: list[NodeProto] = field(default_factory=list)
    weights: dict[str, np.ndarray] = field(default_factory=dict)

    def weight(self, value: np.ndarray) -> str:
        name = f"w{len(self.weights)}"
        self.weights[name] = value
        return name

    def add(self, kind: str, *inputs: str, **how: object) -> str:
        name = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **how))
        return name

    def centred(self, mean: list[float], scale: float) -> str:
        """The input less each channel's mean (R, G, B), times a scale."""
        less = self.add("Sub", INPUT, self.weight(np.asarray(mean, np.float32).reshape(1, 3, 1, 1)))
        return self.add("Mul", less, self.weight(np.asarray(scale, np.float32)))

    def convolution(
        self, x: str, kernel: np.ndarray, bias: np.ndarray, stride: int = 1, pads: tuple[int, ...] = (0, 0, 0, 0),
        group: int = 1,
    ) -> str:  # fmt: skip
        """`kernel` is (out, in / group, height, width), `pads` top, left, bottom, right."""
        return self.add(
            "Conv", x, self.weight(kernel), self.weight(bias), strides=[stride, stride], pads=list(pads), group=group,
            kernel_shape=list(kernel.shape[2:]),
        )  # fmt: skip

    def model(self, output: str, side: int, dimension: int) -> ModelProto:
        """The whole: faces (n, 3, side, side) to `output` (n, dimension)."""
        picture = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["n", 3, side, side])
        vectors = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", dimension])
        weights = [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in self.weights.items()]
        graph = helper.make_graph(self.nodes, "network", [picture], [vectors], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return model
