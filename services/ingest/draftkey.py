"""What opens an unfinished report: the key pair of its tracking code, and the pass that one browser carries of it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from services.ingest import tracking
from shared.errors import SealBroken
from shared.keys import RoomKeys, b64, decrypt, encrypt, unb64

PASS_LASTS = timedelta(hours=24)
"""A browser that was left open is asked for the code after this long."""
_PAD = 4096
"""Sealed drafts grow in steps of this many bytes, so that their length says little of what is in them."""


@dataclass(frozen=True)
class DraftKey:
    """The tracking code, and the X25519 key that follows from it and the draft's salt."""

    code: str
    secret: bytes

    @classmethod
    def of(cls, code: str, salt: bytes) -> "DraftKey":
        """Costs one Argon2id, so only where a draft of this code was found, or is being made."""
        return cls(code, bytes(tracking.family_secret(code, salt)))

    @property
    def id(self) -> str:
        """Names the draft in the database: the code's hash, which opens nothing."""
        return tracking.lookup_hash(self.code)

    @property
    def tag(self) -> str:
        """Names the draft on a page, to tell a page of one report from a page of another."""
        return self.id[:12]

    @property
    def photo_key(self) -> bytes:
        return hashlib.blake2b(key=self.secret, person=b"homeward photos", digest_size=32).digest()

    def seal(self, plain: bytes) -> bytes:
        padded = plain + b" " * (-len(plain) % _PAD)
        return bytes(SealedBox(PrivateKey(self.secret).public_key).encrypt(padded))

    def open(self, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        try:
            return bytes(SealedBox(PrivateKey(self.secret)).decrypt(sealed))
        except (CryptoError, ValueError) as error:
            raise SealBroken("the draft does not open") from error


def write_pass(key: DraftKey, now: datetime, keys: RoomKeys) -> str:
    """The key as a cookie's value. It is encrypted, so that who reads a browser's files learns no code from them."""
    plain = {"code": key.code, "secret": b64(key.secret), "until": (now + PASS_LASTS).timestamp()}
    return b64(encrypt(keys.derived("draft pass"), json.dumps(plain).encode(), "draft pass"))


def read_pass(text: str, now: datetime, keys: RoomKeys) -> DraftKey | None:
    """The key in a cookie's value; None if it is not ours or too old."""
    try:
        plain = json.loads(decrypt(keys.derived("draft pass"), unb64(text), "draft pass"))
    except SealBroken:
        return None
    if datetime.fromtimestamp(plain["until"], UTC) < now:
        return None
    return DraftKey(plain["code"], unb64(plain["secret"]))
