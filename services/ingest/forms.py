"""An unsent form's own secret. It travels in the form and is nowhere else, so the server alone opens nothing of it."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

from services.ingest.tracking import code_from


@dataclass(frozen=True)
class FormKey:
    """32 random bytes from which all of one form follows: its id, the key of its photos, its tracking code."""

    secret: bytes

    @classmethod
    def new(cls) -> "FormKey":
        return cls(secrets.token_bytes(32))

    @classmethod
    def read(cls, text: str) -> "FormKey":
        """The key in a form's hidden field; a new one if there is none or it is mangled."""
        try:
            secret = base64.urlsafe_b64decode(text.encode("ascii"))
        except (UnicodeError, binascii.Error, ValueError):
            return cls.new()
        return cls(secret) if len(secret) == 32 else cls.new()

    def write(self) -> str:
        return base64.urlsafe_b64encode(self.secret).decode()

    @property
    def id(self) -> str:
        """Names the form in the database without opening anything of it."""
        return self._derive(b"homeward form id").hex()

    @property
    def photo_key(self) -> bytes:
        return self._derive(b"homeward photos")

    @property
    def tracking_code(self) -> str:
        """The code that the report will have: a form sent twice has one, and makes one report."""
        return code_from(self._derive(b"homeward code"))

    def _derive(self, use: bytes) -> bytes:
        return hashlib.blake2b(key=self.secret, person=use, digest_size=32).digest()
