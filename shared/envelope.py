"""The envelope every message travels in: signed by its sender, its payload sealed to its receiver."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from shared import messages
from shared.errors import Refused, SealBroken
from shared.keys import RoomKeys, b64, random_id, unb64
from shared.messages import Message


@dataclass(frozen=True)
class Envelope:
    """`payload` is base64 ciphertext; `signature` is Ed25519 over all else (`signed_bytes`)."""

    id: str
    type: str
    version: int
    sender: str
    receiver: str
    key_id: str
    subject: str
    sequence: int
    sent_at: str
    payload: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Canonical JSON of everything but the signature: sorted keys, no spaces, ASCII."""
        body = asdict(self)
        del body["signature"]
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))


def close(message: Message, keys: RoomKeys, receiver: str, sequence: int, now: datetime) -> Envelope:
    """The sealed and signed envelope of `message` from the room of `keys` to `receiver`."""
    plain = json.dumps(messages.dump(message), separators=(",", ":")).encode()
    kind = type(message)
    envelope = Envelope(
        random_id(),
        kind.__name__,
        kind.VERSION,
        keys.room,
        receiver,
        keys.key_id,
        message.subject,
        sequence,
        now.isoformat(),
        b64(keys.seal_for(receiver, plain)),
    )
    return replace(envelope, signature=keys.sign(envelope.signed_bytes()))


def parse(text: object) -> Envelope:
    """An envelope from the queue, its shape checked and nothing else. Raises Refused("malformed")."""
    try:
        body = json.loads(text) if isinstance(text, str) else None
        envelope = Envelope(**body) if isinstance(body, dict) else None
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused("malformed") from error
    if envelope is None:
        raise Refused("malformed")
    for name, kind in Envelope.__annotations__.items():
        value: Any = getattr(envelope, name)
        if type(value) is not kind:
            raise Refused("malformed")
    return envelope


def verify(envelope: Envelope, keys: RoomKeys) -> None:
    """Raises Refused unless the envelope is for this room and really from its sender."""
    if envelope.receiver != keys.room:
        raise Refused("misrouted")
    try:
        if keys.directory.of(envelope.sender).key_id != envelope.key_id:
            raise Refused("unknown_key")
        keys.directory.verify(envelope.sender, envelope.signed_bytes(), envelope.signature)
    except SealBroken as error:
        raise Refused("bad_signature") from error


def unseal(envelope: Envelope, keys: RoomKeys) -> Message:
    """The message inside a verified envelope. Raises Refused."""
    kind = messages.MESSAGES.get(envelope.type)
    if kind is None:
        raise Refused("unknown_type")
    if envelope.version != kind.VERSION:
        raise Refused("unknown_version")
    try:
        payload = json.loads(keys.unseal(unb64(envelope.payload)))
        message = messages.load(envelope.type, payload)
    except SealBroken as error:
        raise Refused("unsealable") from error
    except (ValidationError, ValueError, RecursionError) as error:
        raise Refused("invalid") from error
    if message.subject != envelope.subject:
        raise Refused("wrong_subject")
    return message
