"""Passwords: Argon2id (RFC 9106's low-memory parameters), a few computed at a time, the same work for unknown names."""

import functools
import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

SHORTEST = 12
LONGEST = 200
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each takes 64 MiB and all of a core: more at once would let a crowd of guesses starve the desk."""


def hash_of(password: str) -> str:
    """The hash to keep: a PHC string with its parameters and a random salt."""
    with _AT_ONCE:
        return PasswordHasher().hash(password)


def holds(kept: str | None, password: str) -> bool:
    """Whether `password` is the one `kept` was made of. None (an unknown name) takes as long, and never holds."""
    with _AT_ONCE:
        try:
            PasswordHasher().verify(kept or _nobodys(), password)
        except VerificationError:
            return False
    return kept is not None


@functools.cache
def _nobodys() -> str:
    return PasswordHasher().hash("nobody's")
