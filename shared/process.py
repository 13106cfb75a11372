"""Child processes that do not outlive their parent."""

import ctypes
import signal

_PR_SET_PDEATHSIG = 1
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
"""Looked up here: between fork and exec a child of a process with threads must not load or look up anything."""


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent dies (Linux; nothing elsewhere). For `preexec_fn`."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)
