"""Runs a prepared network: one onnxruntime session a network a worker."""

from collections.abc import Callable

import numpy as np
import onnxruntime

from services.matcher.graphs import INPUT

THREADS = 2
"""As measured in docs/decisions/0021."""


def session_options(threads: int = THREADS) -> onnxruntime.SessionOptions:
    """Threads that sleep when idle: the matcher shares its cores with the other rooms."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # its warnings are about the graph's history, not about us
    return options


def open_session(model: bytes, threads: int = THREADS) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(model, session_options(threads), providers=["CPUExecutionProvider"])


def forward(session: onnxruntime.InferenceSession) -> Callable[[np.ndarray], np.ndarray]:
    """The network as a function: uint8 BGR faces (n, side, side, 3) to float32 (n, dimension)."""

    def embed(faces: np.ndarray) -> np.ndarray:
        rgb = np.ascontiguousarray(faces[..., ::-1].transpose(0, 3, 1, 2), dtype=np.float32)
        return np.asarray(session.run(None, {INPUT: rgb})[0])

    return embed
