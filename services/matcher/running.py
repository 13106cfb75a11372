"""Runs a prepared network: one onnxruntime session a network a worker."""

from collections.abc import Callable

import numpy as np
import onnxruntime

from services.matcher.graphs import INPUT

THREADS = 2


def session_options() -> onnxruntime.SessionOptions:
    """Two threads that sleep when idle: the matcher shares its cores with the other rooms."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # its warnings are about the graph's history, not about us
    return options


def open_session(model: bytes, options: onnxruntime.SessionOptions | None = None) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, options or session_options(), providers=["CPUExecutionProvider"])


def forward(session: onnxruntime.InferenceSession) -> Callable[[np.ndarray], np.ndarray]:
    """The network as a function: uint8 BGR faces (n, side, side, 3) to float32 (n, dimension)."""

    def embed(faces: np.ndarray) -> np.ndarray:
        rgb = np.ascontiguousarray(faces[..., ::-1].transpose(0, 3, 1, 2), dtype=np.float32)
        return np.asarray(session.run(None, {INPUT: rgb})[0])

    return embed
