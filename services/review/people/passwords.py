"""Passwords: Argon2id (RFC 9106's low-memory parameters), a few computed at a time, the same work for unknown names;
and what is wrong with a new one, by zxcvbn."""

import functools
import threading
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import LazyString, gettext, lazy_gettext
from zxcvbn import zxcvbn

SHORTEST = 12
LONGEST = 200
GOOD = 3
"""Of zxcvbn's scores from 0 to 4: it takes more than 10^8 guesses."""
_LOOKED_AT = 72
"""zxcvbn reads no more: its time grows with the cube of the length."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each takes 64 MiB and all of a core: more at once would let a crowd of guesses starve the desk."""

_WHY: tuple[tuple[str, LazyString], ...] = (
    ("keyboard", lazy_gettext("Rows of keys are guessed first.")),
    ("rows of keys", lazy_gettext("Rows of keys are guessed first.")),
    ("Repeats", lazy_gettext("It repeats itself.")),
    ("Sequences", lazy_gettext("It counts or spells on, as abc or 6543.")),
    ("ears", lazy_gettext("Years are guessed first.")),
    ("Dates", lazy_gettext("Dates are guessed first.")),
    ("common", lazy_gettext("It is, or is much like, a password that many people have.")),
    ("ames", lazy_gettext("Names are guessed first.")),
    ("word by itself", lazy_gettext("One word alone is guessed first.")),
)
"""zxcvbn's warnings, by a part of each, in our words."""


def hash_of(password: str) -> str:
    """The hash to keep: a PHC string with its parameters and a random salt."""
    with _AT_ONCE:
        return PasswordHasher().hash(password)


def holds(kept: str | None, password: str) -> bool:
    """Whether `password` is the one `kept` was made of. None or empty (no name, no password) takes as long, and
    never holds."""
    with _AT_ONCE:
        try:
            PasswordHasher().verify(kept or _nobodys(), password.encode(errors="replace"))
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept)


def faults(password: str, known: Sequence[str]) -> list[str]:
    """What is wrong with a new password: its length, or that it is soon guessed. `known` are words of the person's."""
    if len(password) < SHORTEST:
        return [
            gettext("A password has at least %(least)s characters. A short sentence is a good one.", least=SHORTEST)
        ]
    if len(password) > LONGEST:
        return [gettext("A password has at most %(most)s characters.", most=LONGEST)]
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=[word for name in known for word in (name, *name.split())])
    if found["score"] >= GOOD:
        return []
    warning = found["feedback"]["warning"]
    why = next((str(said) for part, said in _WHY if part in warning), "")
    easy = gettext("This password is too easy to guess. A short sentence of unusual words is a good one.")
    return [f"{easy} {why}".strip()]


@functools.cache
def _nobodys() -> str:
    return PasswordHasher().hash("nobody's")
