"""The code that a mail carries to confirm its address: made by the police desk, typed at the families' door.

It is no tracking code and opens nothing: it only says that whoever reads the mail wants news.
"""

import hashlib
import secrets
import unicodedata

DIGITS, GROUP = 12, 3


def new() -> str:
    """Twelve random digits (40 bits; wrong ones are slowed down)."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def grouped(code: str) -> str:
    """As people read it: `482 199 301 744`."""
    return " ".join(code[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def normal(heard: str) -> str | None:
    """The digits of what somebody typed, of any script or width; None if they are not twelve."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in heard[:100] if unicodedata.digit(sign, None) is not None)
    return digits if len(digits) == DIGITS else None


def mark(code: str) -> str:
    """What is kept of a code: SHA-256 in hex."""
    return hashlib.sha256(b"homeward contact code\0" + code.encode()).hexdigest()
