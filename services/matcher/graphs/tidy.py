"""Rewrites of a graph that change its speed and not its numbers."""

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper

from services.matcher.graphs import INPUT


def weights_of(model: ModelProto) -> dict[str, np.ndarray]:
    return {weight.name: numpy_helper.to_array(weight) for weight in model.graph.initializer}


def attributes(node: NodeProto) -> dict[str, object]:
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def set_graph(model: ModelProto, nodes: list[NodeProto], weights: dict[str, np.ndarray]) -> None:
    """Puts the nodes in, and of the weights those that they use."""
    nodes = list(nodes)
    used = {name for node in nodes for name in node.input}
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    del model.graph.initializer[:]
    kept = ((name, value) for name, value in weights.items() if name in used)
    model.graph.initializer.extend(numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in kept)


def any_batch(model: ModelProto) -> None:
    """Leaves the picture the only input, named INPUT, with a symbolic batch; drops shapes noted for another batch.

    A network of several outputs is a detector, whose pictures have any height and width too.
    """
    graph = model.graph
    # SFace lists its weights as inputs too, and some that nothing reads.
    inside = {weight.name for weight in graph.initializer} | {name for node in graph.node for name in node.output}
    read = {name for node in graph.node for name in node.input}
    (picture,) = (value for value in graph.input if value.name in read - inside)
    for node in graph.node:
        for place, name in enumerate(node.input):
            if name == picture.name:
                node.input[place] = INPUT
    picture.name = INPUT
    for value in (picture, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "n"
    if len(graph.output) > 1:
        picture.type.tensor_type.shape.dim[2].dim_param, picture.type.tensor_type.shape.dim[3].dim_param = "h", "w"
        for value in graph.output:
            value.type.tensor_type.shape.dim[1].dim_param = f"cells_{value.name}"
    del graph.input[:]
    graph.input.append(picture)
    del graph.value_info[:]


def fold_weights(model: ModelProto) -> None:
    """Computes once what depends on weights alone: quantised weights and their shapes; drops what does nothing."""
    weights = weights_of(model)
    rest: list[NodeProto] = []
    for node in model.graph.node:
        given = [weights.get(name) for name in node.input]
        if node.op_type == "DequantizeLinear" and all(value is not None for value in given):
            weights[node.output[0]] = _dequantised(given, attributes(node))  # type: ignore[arg-type]
        elif node.op_type == "Reshape" and all(value is not None for value in given):
            weights[node.output[0]] = given[0].reshape(given[1])  # type: ignore[union-attr, arg-type]
        elif node.op_type != "Constant":
            rest.append(node)
    set_graph(model, _without_dropout(rest), weights)


def _dequantised(given: list[np.ndarray], how: dict[str, object]) -> np.ndarray:
    """DequantizeLinear of ONNX: one scale in all, one a block of values along an axis, or one along the axis."""
    values, scale = given[0].astype(np.float32), given[1]
    zero = given[2].astype(np.float32) if len(given) > 2 else np.zeros_like(scale)
    if scale.size == 1:
        return (values - zero.reshape(())) * scale.reshape(())
    axis, block = int(how.get("axis", 1)), int(how.get("block_size", 0))  # type: ignore[call-overload]
    if block:
        whole = tuple(slice(length) for length in values.shape)
        return (values - np.repeat(zero, block, axis)[whole]) * np.repeat(scale, block, axis)[whole]
    along = [-1 if place == axis else 1 for place in range(values.ndim)]
    return (values - zero.reshape(along)) * scale.reshape(along)


def _without_dropout(nodes: list[NodeProto]) -> list[NodeProto]:
    passed = {node.output[0]: node.input[0] for node in nodes if node.op_type == "Dropout"}
    rest = [node for node in nodes if node.op_type != "Dropout"]
    for node in rest:
        for place, name in enumerate(node.input):
            node.input[place] = passed.get(name, name)
    return rest


def fold_batch_norm(model: ModelProto) -> None:
    """Takes each batch normalisation into the convolution before it, where nothing else reads that."""
    weights, nodes = weights_of(model), list(model.graph.node)
    makers = {name: node for node in nodes for name in node.output}
    readers = [name for node in nodes for name in node.input]
    rest = []
    for node in nodes:
        before = makers.get(node.input[0])
        if node.op_type != "BatchNormalization" or before is None or before.op_type != "Conv":
            rest.append(node)
            continue
        if readers.count(node.input[0]) > 1:
            rest.append(node)
            continue
        _into(before, node, weights)
    set_graph(model, rest, weights)


def _into(convolution: NodeProto, norm: NodeProto, weights: dict[str, np.ndarray]) -> None:
    gamma, beta, mean, variance = (weights[name].astype(np.float64) for name in norm.input[1:5])
    factor = gamma / np.sqrt(variance + float(attributes(norm).get("epsilon", 1e-5)))  # type: ignore[arg-type]
    kernel = weights[convolution.input[1]]
    bias = weights[convolution.input[2]] if len(convolution.input) > 2 else np.zeros(len(kernel))
    name = norm.output[0]
    weights[f"{name}_w"] = (kernel * factor.reshape(-1, 1, 1, 1)).astype(np.float32)
    weights[f"{name}_b"] = (beta + (bias - mean) * factor).astype(np.float32)
    inputs = [convolution.input[0], f"{name}_w", f"{name}_b"]
    del convolution.input[:]
    convolution.input.extend(inputs)
    convolution.output[0] = name


def plain_prelu(model: ModelProto) -> None:
    """Writes each PRelu, which onnxruntime runs slowly, as what it means: (1 - a) * Relu(x) + a * x."""
    weights = weights_of(model)
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        if node.op_type != "PRelu":
            nodes.append(node)
            continue
        x, a = node.input
        y = node.output[0]
        weights[f"{a}_rest"] = 1 - weights[a]
        nodes += [
            helper.make_node("Relu", [x], [f"{y}_relu"]),
            helper.make_node("Mul", [f"{y}_relu", f"{a}_rest"], [f"{y}_above"]),
            helper.make_node("Mul", [x, a], [f"{y}_all"]),
            helper.make_node("Add", [f"{y}_above", f"{y}_all"], [y]),
        ]
    set_graph(model, nodes, weights)


def tidied(model: ModelProto) -> ModelProto:
    """The model after every rewrite, checked."""
    any_batch(model)
    fold_weights(model)
    fold_batch_norm(model)
    plain_prelu(model)
    onnx.checker.check_model(model)
    return model
