"""Logging in through an agency's own accounts: OpenID Connect, authorisation code with PKCE, by Authlib.

The agency's word takes the place of the password, never of the second factor. Nobody gets an account by it: an
invitation binds one agency account to one officer.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete

from services.review.base import db
from services.review.people import codes
from services.review.people.models import AgencyTrip
from services.review.tools import Tools
from shared.config import Settings
from shared.errors import NotAllowed

LASTS = timedelta(minutes=10)
"""How long somebody may take at the agency."""
BACK = "/login/agency/back"
_TIMEOUT_S = 10
_LEEWAY_S = 60
_SIGNED_BY = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]


@dataclass(frozen=True)
class Returned:
    """Who came back: `agency` is issuer and subject. `invitation` is the hash of the code that was given before."""

    agency: str
    next: str
    invitation: str | None


def is_set(settings: Settings) -> bool:
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def leave(tools: Tools, next_page: str, invitation: str | None = None) -> tuple[str, str]:
    """Begins a trip: the address at the agency, and what the browser keeps in a cookie meanwhile.

    Raises NotAllowed("agency_failed").
    """
    settings, cookie = tools.room.settings, secrets.token_urlsafe(32)
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    about = _about(settings)
    address, state = _client(settings).create_authorization_url(
        about["authorization_endpoint"], nonce=nonce, code_verifier=verifier
    )
    with tools.room.bus.work() as work:
        work.session.execute(delete(AgencyTrip).where(AgencyTrip.ends_at <= work.now))
        trip = AgencyTrip(
            cookie_hash=codes.hash_of_token(cookie), state=state, nonce=nonce, verifier=verifier,
            next=next_page[:500], invitation=invitation, ends_at=work.now + LASTS,
        )  # fmt: skip
        work.session.add(trip)
    return str(address), cookie


def come_back(tools: Tools, cookie: str, query: Mapping[str, str]) -> Returned:
    """Ends a trip. Raises NotAllowed("agency_failed") unless it began in this browser and the agency vouches."""
    trip = _take(tools, cookie)
    if trip is None or not hmac.compare_digest(trip["state"].encode(), query.get("state", "").encode()):
        raise NotAllowed("agency_failed", "no such trip")
    if not query.get("code"):
        raise NotAllowed("agency_failed", "the agency refused")
    claims = _claims(tools.room.settings, query["code"], trip)
    return Returned(f"{claims['iss']} {claims['sub']}"[:400], trip["next"], trip["invitation"])


def _take(tools: Tools, cookie: str) -> dict[str, Any] | None:
    """The trip of a browser's cookie; it can be taken once."""
    with tools.room.bus.work() as work:
        row = db.session.get(AgencyTrip, codes.hash_of_token(cookie), with_for_update=True)
        if row is None:
            return None
        kept = {name: getattr(row, name) for name in ("state", "nonce", "verifier", "next", "invitation")}
        over = row.ends_at <= work.now
        work.session.delete(row)
        return None if over else kept


def _claims(settings: Settings, code: str, trip: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ID token's claims, checked as OpenID Connect Core 3.1.3.7 says."""
    about = _about(settings)
    try:
        answer = _client(settings).fetch_token(
            about["token_endpoint"], code=code, code_verifier=trip["verifier"], timeout=_TIMEOUT_S
        )
        keys = KeySet.import_key_set(_json(about["jwks_uri"]))
        token = jwt.decode(answer["id_token"], keys, algorithms=_SIGNED_BY)
        claims = CodeIDToken(
            token.claims, token.header,
            {"iss": {"essential": True, "value": about["issuer"]}, "sub": {"essential": True}},
            {"nonce": trip["nonce"], "client_id": settings.oidc_client_id, "access_token": answer["access_token"]},
        )  # fmt: skip
        claims.validate(leeway=_LEEWAY_S)
    except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, TypeError, ValueError) as error:
        raise NotAllowed("agency_failed", type(error).__name__) from error
    aud = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if settings.oidc_client_id not in aud or not isinstance(claims["sub"], str):
        raise NotAllowed("agency_failed", "for somebody else")
    return claims


def _client(settings: Settings) -> OAuth2Session:
    secret = settings.oidc_client_secret or None
    return OAuth2Session(
        settings.oidc_client_id, secret, scope="openid", code_challenge_method="S256",
        redirect_uri=settings.public_url("review") + BACK,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
    )  # fmt: skip


def _about(settings: Settings) -> Mapping[str, Any]:
    """What the agency says of itself (OpenID Connect Discovery), which must be who we were told."""
    issuer = settings.oidc_issuer
    try:
        about = _json(issuer.rstrip("/") + "/.well-known/openid-configuration")
        wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        if about["issuer"] != issuer or not all(isinstance(about[name], str) for name in wanted):
            raise ValueError("another issuer")
    except (requests.RequestException, KeyError, TypeError, ValueError) as error:
        raise NotAllowed("agency_failed", type(error).__name__) from error
    return about


def _json(address: str) -> Any:
    answer = requests.get(address, timeout=_TIMEOUT_S)
    answer.raise_for_status()
    return answer.json()
