"""Passkeys (WebAuthn) as a second factor, by py_webauthn. The desk's public address says for whom they are good."""

import ipaddress
import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.review.people.models import Factor
from shared.config import Settings
from shared.errors import NotAllowed

_BROKEN = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)
"""What the library raises for a credential that is no credential."""


def host(settings: Settings) -> str | None:
    """The name that passkeys are bound to; None where the desk is reached by a bare address: browsers then refuse."""
    name = urlsplit(settings.public_url("review")).hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name or None
    return None


def new_challenge() -> str:
    return bytes_to_base64url(secrets.token_bytes(32))


def to_make(settings: Settings, officer_id: str, name: str, known: Sequence[Factor], challenge: str) -> str:
    """What the browser is asked when a passkey is made, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=_host(settings), rp_name="Homeward", user_name=name, user_id=officer_id.encode(),
        challenge=base64url_to_bytes(challenge), exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )  # fmt: skip
    return webauthn.options_to_json(options)


def to_show(settings: Settings, known: Sequence[Factor], challenge: str) -> str:
    """What the browser is asked when a passkey is shown, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(settings), challenge=base64url_to_bytes(challenge), allow_credentials=_described(known)
    )
    return webauthn.options_to_json(options)


def made(settings: Settings, answer: str, challenge: str | None) -> tuple[str, bytes, int]:
    """The new passkey's id, public key and counter. Raises NotAllowed("passkey_refused")."""
    try:
        found = webauthn.verify_registration_response(
            credential=_read(answer), expected_challenge=base64url_to_bytes(challenge or ""),
            expected_rp_id=_host(settings), expected_origin=_origin(settings),
        )  # fmt: skip
    except _BROKEN as error:
        raise NotAllowed("passkey_refused", type(error).__name__) from error
    return bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count


def use(
    session: Session, settings: Settings, officer_id: str, answer: str, challenge: str | None, now: datetime
) -> Factor | None:
    """The officer's passkey that signed the challenge; None if none did."""
    try:
        read = _read(answer)
        query = select(Factor).where(Factor.officer_id == officer_id, Factor.credential == str(read["id"]))
        factor = session.scalar(query.with_for_update())
        if factor is None:
            return None
        found = webauthn.verify_authentication_response(
            credential=read, expected_challenge=base64url_to_bytes(challenge or ""), expected_rp_id=_host(settings),
            expected_origin=_origin(settings), credential_public_key=factor.secret,
            credential_current_sign_count=factor.counter,
        )  # fmt: skip
    except _BROKEN:
        return None
    factor.counter, factor.used_at = found.new_sign_count, now
    return factor


def _read(answer: str) -> dict[str, object]:
    read = json.loads(answer)
    if not isinstance(read, dict) or not read:
        raise ValueError("not an object")
    return read


def _described(known: Sequence[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(factor.credential)) for factor in known if factor.credential
    ]


def _host(settings: Settings) -> str:
    name = host(settings)
    if name is None:
        raise NotAllowed("passkey_needs_name", "a bare address has no passkeys")
    return name


def _origin(settings: Settings) -> str:
    parts = urlsplit(settings.public_url("review"))
    return f"{parts.scheme}://{parts.netloc}"
