"""The privacy gate's grants: what it signs, and what the matcher reads before it admits a template or runs a search.

A grant's text is `base64(canonical JSON).base64(Ed25519 signature)`. What a grant allows is judged by
services/matcher/rules.py; when one is given, by services/review/gate.py.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from shared.errors import SealBroken
from shared.keys import GATE, Directory, GateKey, b64, unb64


@dataclass(frozen=True)
class EnrolmentGrant:
    """Admits one photo's template. It is kept beside the template and verified whenever the gallery loads."""

    case_key: str
    photo_digest: str
    age_when_last_seen: float
    issued_at: datetime
    purpose: str = "enrolment"


@dataclass(frozen=True)
class SearchGrant:
    """Admits one search with one photo, once, until `expires_at`."""

    search_id: str
    photo_digest: str
    purpose: str
    issued_at: datetime
    expires_at: datetime


Grant = EnrolmentGrant | SearchGrant
_KINDS: dict[str, type[Grant]] = {kind.__name__: kind for kind in (EnrolmentGrant, SearchGrant)}
_TIMES = ("issued_at", "expires_at")


def issue(grant: Grant, gate: GateKey) -> str:
    """The signed text of a grant."""
    body: dict[str, Any] = {"kind": type(grant).__name__}
    for name, value in asdict(grant).items():
        body[name] = value.astimezone(UTC).isoformat() if name in _TIMES else value
    data = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return f"{b64(data)}.{gate.sign(data)}"


def read(text: str, directory: Directory) -> Grant:
    """The grant in `text`. Raises SealBroken unless the gate signed exactly this."""
    data, dot, signature = text.partition(".")
    if not dot:
        raise SealBroken("not a grant")
    plain = unb64(data)
    directory.verify(GATE, plain, signature)
    try:
        body = json.loads(plain)
        kind = _KINDS[body.pop("kind")]
        times = {name: datetime.fromisoformat(body[name]) for name in _TIMES if name in body}
        return kind(**(body | times))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealBroken("not a grant of a known kind") from error
