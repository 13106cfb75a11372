"""The key that alerts are signed with (ECDSA on P-256), and its certificate, which everybody may have.

Ed25519, which all else here is signed with, is not among the algorithms of XML signatures that readers of CAP know.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.errors import ConfigError

KEY, CERTIFICATE = "cap.key", "cap.pem"
YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class SigningPair:
    """Both as PEM."""

    certificate: bytes
    key: bytes = field(repr=False)


def create_certificate(folder: Path) -> bool:
    """Makes both once. False, touching nothing, where they are already there."""
    if (folder / CERTIFICATE).exists():
        return False
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Homeward alerts")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(folder / KEY, private, 0o600)
    _write(folder / CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return True


def load_pair(folder: Path) -> SigningPair:
    """Raises ConfigError."""
    return SigningPair(load_certificate(folder), _read(folder / KEY))


def load_certificate(folder: Path) -> bytes:
    """The certificate alone, as PEM. Raises ConfigError."""
    return _read(folder / CERTIFICATE)


def _write(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"Cannot read {path.name} in {path.parent}; run `homeward keys init`.") from error
