"""The tracking code: made, read back from a telephone call, looked up, and turned into the family's key.

Twenty characters of Crockford's base32 in groups of five: nineteen carry 95 random bits, the last checks them.
"""

import hashlib
import secrets
import unicodedata

from nacl import pwhash
from nacl.encoding import Base64Encoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from shared.errors import HomewardError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 20, 5
SALT_BYTES = pwhash.argon2id.SALTBYTES
_HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class BadCode(HomewardError):
    """Not a tracking code: too short, too long, or misread by a character."""


def new_code() -> str:
    """A fresh code, as people read it: `7K2MQ-XWZ0A-9TR4C-1BHJE`."""
    return _code(secrets.randbits(95))


def code_from(secret: bytes) -> str:
    """The one code that belongs to `secret` (of at least 16 random bytes): the same form, the same code."""
    digest = hashlib.blake2b(secret, digest_size=12, person=b"homeward code").digest()
    return _code(int.from_bytes(digest, "big") >> 1)


def normal(heard: str) -> str:
    """The code in its written form, from what somebody typed or heard.

    Spaces, any dashes, small letters, full-width characters, and O I L U for 0 1 1 V are forgiven. Raises BadCode.
    """
    folded = unicodedata.normalize("NFKC", heard[:200]).upper().translate(_HEARD_AS)
    plain = "".join(c for c in folded if not c.isspace() and unicodedata.category(c)[0] not in "PSC")
    if len(plain) != LENGTH or any(c not in ALPHABET for c in plain) or _check(plain[:-1]) != plain[-1]:
        raise BadCode("This is not a tracking code of ours; please compare it character by character.")
    return _grouped(plain)


def lookup_hash(code: str) -> str:
    """What the door keeps of a code: SHA-256 in hex. 95 random bits cannot be guessed from it."""
    return hashlib.sha256(b"homeward tracking code\0" + code.encode()).hexdigest()


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def family_secret(code: str, salt: bytes) -> PrivateKey:
    """The family's X25519 key. Costs one Argon2id: about 60 ms and 64 MiB, so only after the hash was found."""
    slow = pwhash.argon2id
    return PrivateKey(slow.kdf(32, code.encode(), salt, slow.OPSLIMIT_INTERACTIVE, slow.MEMLIMIT_INTERACTIVE))


def family_key(code: str, salt: bytes) -> str:
    """The public half (base64) of the family's key, which goes with the report."""
    return family_secret(code, salt).public_key.encode(Base64Encoder).decode()


def open_letter(key: PrivateKey, sealed: bytes) -> str | None:
    """An officer's words, or None if they were not sealed to this key."""
    try:
        return SealedBox(key).decrypt(sealed).decode()
    except (CryptoError, UnicodeDecodeError):
        return None


def _code(number: int) -> str:
    digits = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH - 1)))
    return _grouped(digits + _check(digits))


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _check(digits: str) -> str:
    """Luhn's algorithm to base 32: finds every misread character and nearly every swapped pair of neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = ALPHABET.index(digit) * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
