"""Key pairs, sealing, signing and content keys. All of it is libsodium's, by PyNaCl.

Each room has a signing key (Ed25519) and a box key (X25519). Their public halves are in one directory file that
the operator's key signs. The gate's signing key is a file of its own, which only the police desk's worker opens.
"""

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nacl.exceptions
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead
from nacl.signing import SigningKey, VerifyKey

from shared.certificate import create_certificate
from shared.errors import ConfigError, SealBroken

GATE = "gate"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def random_id() -> str:
    """26 lower-case letters and digits: 130 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(26))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """The bytes of a base64 text. Raises SealBroken."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealBroken("not base64") from error


def new_key() -> bytes:
    """A fresh 32-byte content key."""
    return secrets.token_bytes(Aead.KEY_SIZE)


def encrypt(key: bytes, plain: bytes, about: str) -> bytes:
    """XChaCha20-Poly1305 with a random nonce in front; `about` is authenticated, not hidden."""
    return bytes(Aead(key).encrypt(plain, about.encode()))


def decrypt(key: bytes, sealed: bytes, about: str) -> bytes:
    """What `encrypt` sealed about the same thing. Raises SealBroken."""
    try:
        return bytes(Aead(key).decrypt(sealed, about.encode()))
    except (nacl.exceptions.CryptoError, ValueError) as error:
        raise SealBroken("the ciphertext does not open") from error


def seal_to(public_key: str, plain: bytes) -> bytes:
    """Seals to an X25519 public key (base64); the sender cannot open it again. Raises SealBroken on a bad key."""
    try:
        return bytes(SealedBox(PublicKey(unb64(public_key))).encrypt(plain))
    except (nacl.exceptions.CryptoError, ValueError, TypeError) as error:
        raise SealBroken("not an X25519 public key") from error


@dataclass(frozen=True)
class PublicKeys:
    """A party's public halves, base64. The gate signs and has no box."""

    sign: str
    box: str = ""

    @property
    def key_id(self) -> str:
        return hashlib.sha256(unb64(self.sign)).hexdigest()[:16]


@dataclass(frozen=True)
class Directory:
    """Everybody's public keys, by room name (and `gate`)."""

    keys: Mapping[str, PublicKeys]

    def of(self, party: str) -> PublicKeys:
        if party not in self.keys:
            raise SealBroken(f"no public key of {party!r}")
        return self.keys[party]

    def verify(self, party: str, data: bytes, signature: str) -> None:
        """Raises SealBroken unless `signature` (base64) is `party`'s over exactly `data`."""
        try:
            VerifyKey(unb64(self.of(party).sign)).verify(data, unb64(signature))
        except (nacl.exceptions.CryptoError, ValueError, TypeError) as error:
            raise SealBroken(f"not signed by {party}") from error


@dataclass(frozen=True)
class GateKey:
    """The privacy gate's signing key."""

    signing: SigningKey = field(repr=False)

    def sign(self, data: bytes) -> str:
        return b64(self.signing.sign(data).signature)


@dataclass(frozen=True)
class RoomKeys:
    """A room's own private keys and everybody's public ones."""

    room: str
    directory: Directory
    signing: SigningKey = field(repr=False)
    box: PrivateKey = field(repr=False)

    @property
    def key_id(self) -> str:
        return self.directory.of(self.room).key_id

    def sign(self, data: bytes) -> str:
        """Base64 Ed25519 signature over `data`."""
        return b64(self.signing.sign(data).signature)

    def unseal(self, sealed: bytes) -> bytes:
        """Opens what was sealed to this room. Raises SealBroken."""
        try:
            return bytes(SealedBox(self.box).decrypt(sealed))
        except (nacl.exceptions.CryptoError, ValueError) as error:
            raise SealBroken(f"not sealed to {self.room}") from error

    def derived(self, purpose: str) -> bytes:
        """A secret of 32 bytes for one purpose, the same in every process of this room and known to nobody else."""
        return hashlib.blake2b(purpose.encode(), key=bytes(self.box), digest_size=32).digest()

    def seal_for(self, room: str, plain: bytes) -> bytes:
        return seal_to(self.directory.of(room).box, plain)


def create_keys(folder: Path, rooms: tuple[str, ...]) -> bool:
    """Writes the operator's, the gate's and every room's keys, the signed directory and the alerts' certificate, once.

    Returns False, touching nothing, where a directory is already there.
    """
    if (folder / "directory.json").exists():
        return False
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    operator = SigningKey.generate()
    public: dict[str, dict[str, str]] = {}
    for party in (*rooms, GATE):
        signing, box = SigningKey.generate(), PrivateKey.generate()
        public[party] = {"sign": b64(bytes(signing.verify_key)), "box": b64(bytes(box.public_key))}
        private = {"sign": b64(bytes(signing)), "box": b64(bytes(box))}
        _write(folder / f"{party}.key", json.dumps(private))
    body = json.dumps(public, sort_keys=True)
    signature = b64(operator.sign(body.encode()).signature)
    _write(folder / "operator.key", b64(bytes(operator)))
    _write(folder / "operator.pub", b64(bytes(operator.verify_key)))
    _write(folder / "directory.json", json.dumps({"keys": body, "signature": signature}))
    create_certificate(folder)
    return True


def load_directory(folder: Path) -> Directory:
    """The directory in `folder`. Raises ConfigError if absent, SealBroken if the operator did not sign it."""
    stored = json.loads(_read(folder / "directory.json"))
    try:
        operator = VerifyKey(unb64(_read(folder / "operator.pub")))
        operator.verify(stored["keys"].encode(), unb64(stored["signature"]))
    except (nacl.exceptions.CryptoError, ValueError) as error:
        raise SealBroken("the key directory is not signed by the operator's key") from error
    return Directory({party: PublicKeys(**halves) for party, halves in json.loads(stored["keys"]).items()})


def load_room_keys(folder: Path, room: str) -> RoomKeys:
    """The keys of `room`. Raises ConfigError or SealBroken."""
    private = json.loads(_read(folder / f"{room}.key"))
    signing, box = SigningKey(unb64(private["sign"])), PrivateKey(unb64(private["box"]))
    return RoomKeys(room, load_directory(folder), signing, box)


def load_gate_key(folder: Path) -> GateKey:
    """The gate's signing key. Raises ConfigError where this process has none."""
    return GateKey(SigningKey(unb64(json.loads(_read(folder / f"{GATE}.key"))["sign"])))


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise ConfigError(f"Cannot read {path.name} in {path.parent}; run `homeward keys init`.") from error
