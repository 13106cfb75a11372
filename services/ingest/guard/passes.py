"""A pass: a cookie that a browser got with a page, and what it has done for it since.

Waiting is enough without scripts: a person needs a minute to write. A script solves a puzzle (ALTCHA's: find the number
whose SHA-256 with the salt is the challenge) and need not wait. Nothing of a third party is asked.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from altcha import ChallengeOptionsV1, create_challenge_v1, extract_params_v1, verify_solution_v1

from shared.keys import random_id

WAIT_S, PROVEN_WAIT_S = 45, 0
LASTS = timedelta(days=1)
USES = 60
"""Sends with one pass: a report in steps takes about twenty."""
HARD = 100_000
"""The largest number of the puzzle: about a second for a telephone, and far more for ten thousand reports."""


@dataclass(frozen=True)
class Pass:
    """When it was given, and whether its puzzle is solved."""

    id: str
    given: datetime
    proven: bool = False

    @classmethod
    def new(cls, now: datetime) -> "Pass":
        return cls(random_id(), now)


@dataclass(frozen=True)
class Office:
    """Gives and reads passes; `key` is the door's own."""

    key: bytes

    def write(self, held: Pass) -> str:
        body = f"{held.id}.{int(held.given.timestamp())}.{int(held.proven)}"
        return f"{body}.{self._signed(body)}"

    def read(self, text: str, now: datetime) -> Pass | None:
        """None if it is not ours or too old."""
        body, _, signature = text.rpartition(".")
        if not body or not hmac.compare_digest(signature.encode(), self._signed(body).encode()):
            return None
        id_, given, proven = body.split(".")
        held = Pass(id_, datetime.fromtimestamp(int(given), now.tzinfo), proven == "1")
        return held if now - held.given < LASTS else None

    def wait_s(self, held: Pass | None, now: datetime) -> int:
        """Seconds until the pass is good."""
        if held is None:
            return WAIT_S
        wait = PROVEN_WAIT_S if held.proven else WAIT_S
        return max(0, wait - int((now - held.given).total_seconds()))

    def puzzle(self, held: Pass, now: datetime) -> dict[str, object]:
        """The puzzle of this pass: its salt carries the pass's id, so that one solution proves one pass."""
        options = ChallengeOptionsV1(
            algorithm="SHA-256", max_number=HARD, hmac_key=self.key.hex(), expires=now + timedelta(minutes=30),
            params={"pass": held.id},
        )  # fmt: skip
        made = create_challenge_v1(options)
        return {
            "algorithm": made.algorithm, "challenge": made.challenge, "maxnumber": HARD, "salt": made.salt,
            "signature": made.signature,
        }  # fmt: skip

    def solved(self, held: Pass, payload: str) -> bool:
        """Whether `payload` (base64 of ALTCHA's JSON) solves a puzzle of this pass."""
        told = _told(payload)
        if told is None or extract_params_v1(told).get("pass") != [held.id]:  # type: ignore[arg-type]
            return False
        good, _ = verify_solution_v1(told, self.key.hex(), check_expires=True)  # type: ignore[arg-type]
        return good

    def _signed(self, body: str) -> str:
        return hashlib.blake2b(body.encode(), key=self.key, digest_size=16).hexdigest()


def _told(payload: str) -> dict[str, Any] | None:
    """The payload's object, if its salt is a text and its number a number."""
    try:
        told = json.loads(base64.b64decode(payload, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("salt"), str):
        return None
    return told if type(told.get("number")) is int else None
