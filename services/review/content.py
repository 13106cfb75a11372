"""Content keys: what is personal of a case or a sighting is encrypted under a key that erasure destroys."""

from typing import Protocol

from shared.errors import NotAllowed
from shared.keys import RoomKeys, decrypt, encrypt, new_key


class Keyed(Protocol):
    """A row with a content key of its own."""

    id: str
    content_key: bytes | None


def fresh_key(keys: RoomKeys) -> tuple[bytes, bytes]:
    """A new content key: plain, and sealed to the room's own box key for its row."""
    key = new_key()
    return key, keys.seal_for(keys.room, key)


def key_of(keys: RoomKeys, row: Keyed) -> bytes:
    """The content key of `row`. Raises NotAllowed("erased") when it has been destroyed."""
    if row.content_key is None:
        raise NotAllowed("erased", "its content key has been destroyed")
    return keys.unseal(row.content_key)


def seal_text(key: bytes, text: str, about: str) -> bytes:
    """`text` under a content key, bound to what it is `about` (say "case 1a2b note")."""
    return encrypt(key, text.encode(), about)


def open_text(key: bytes, sealed: bytes, about: str) -> str:
    """What `seal_text` sealed. Raises SealBroken."""
    return decrypt(key, sealed, about).decode()
