"""When a webhook is tried again, when it is given up, and how a subscription lives. Pure."""

from datetime import datetime, timedelta
from typing import Literal

State = Literal["unverified", "active", "disabled"]

PAUSES_S = (5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 21_600, 36_000)
"""Seconds after each failure: eleven tries more, over 24 hours."""
LONGEST_ASKED_S = 3600
"""The longest `Retry-After` that we heed."""
DISABLED_AFTER = timedelta(days=3)
"""Of nothing but failures."""
ONCE = ("notice",)
"""Kinds that are tried once: what comes after them makes them worthless."""
GONE = 410
"""An endpoint that answers this wants no more (Standard Webhooks)."""


def next_try(kind: str, tries: int, now: datetime, asked_s: int = 0) -> datetime | None:
    """When to try again after the failure number `tries`; None: never. `asked_s` is the endpoint's Retry-After."""
    if kind in ONCE or tries > len(PAUSES_S):
        return None
    return now + timedelta(seconds=max(PAUSES_S[tries - 1], min(asked_s, LONGEST_ASKED_S)))


def reason_to_disable(status: int | None, troubled_since: datetime, now: datetime) -> str:
    """Why a subscription ends after this failure; empty if it goes on."""
    if status == GONE:
        return "The endpoint answered 410 Gone."
    if now - troubled_since >= DISABLED_AFTER:
        return f"Nothing could be delivered since {troubled_since:%Y-%m-%d %H:%M} UTC."
    return ""


def worked(status: int | None) -> bool:
    """A redirect is no success: it is not followed."""
    return status is not None and 200 <= status < 300
