"""Codes that a person types or a program sends: long enough at random that a plain SHA-256 of them may be kept."""

import base64
import hashlib
import secrets

TOKEN_MARK = "hw_"  # noqa: S105 - how a token begins, so that a leaked one can be found by searching for it


def new_code(groups: int) -> str:
    """`groups` times five letters and digits that are not easily mistaken: 25 random bits each."""
    text = base64.b32encode(secrets.token_bytes(5 * ((groups * 5 + 7) // 8))).decode().lower()
    return "-".join(text[start : start + 5] for start in range(0, groups * 5, 5))


def new_token() -> str:
    """An API token: 256 random bits."""
    return TOKEN_MARK + secrets.token_urlsafe(32)


def hash_of(code: str) -> str:
    """What is kept of a code; how it was typed (capitals, spaces, dashes) makes no difference."""
    return hashlib.sha256("".join(code.lower().replace("-", "").split()).encode(errors="replace")).hexdigest()


def hash_of_token(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
