"""What an alert says in public, kept encrypted under the alert's own key until it ends."""

import json

from shared.keys import RoomKeys, decrypt, encrypt, new_key
from shared.messages import AlertContent
from shared.schema import schema_for

CONTENT = schema_for(AlertContent)
ABOUT = "alert content"


def fresh_key(keys: RoomKeys) -> tuple[bytes, bytes]:
    """A new content key: plain, and sealed to this room for its table."""
    key = new_key()
    return key, keys.seal_for(keys.room, key)


def sealed(key: bytes, content: AlertContent) -> bytes:
    return encrypt(key, json.dumps(CONTENT.dump(content)).encode(), ABOUT)


def opened(key: bytes, ciphertext: bytes) -> AlertContent:
    content: AlertContent = CONTENT.loads(decrypt(key, ciphertext, ABOUT).decode())
    return content
