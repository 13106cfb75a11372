"""Reads one parameter of a feed's address each; what makes no sense is a ValueError that says what would."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.alerts.boxes import Box
from shared.language import LANGUAGES
from shared.messages import CapStatus

STATUSES: dict[str, CapStatus] = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
MOST = 100
WIDEST_KM = 20_000.0
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def status(raw: str) -> CapStatus:
    if raw.lower() not in STATUSES:
        raise ValueError(f"One of {', '.join(STATUSES)}; one at a time.")
    return STATUSES[raw.lower()]


def point(raw: str) -> tuple[float, float]:
    """lat,lon"""
    lat, lon = _numbers(raw, 2, "lat,lon")
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError("A latitude is from -90 to 90, a longitude from -180 to 180.")
    return lat, lon


def bbox(raw: str) -> Box:
    """minLon,minLat,maxLon,maxLat; a west greater than the east goes over the antimeridian (RFC 7946, 5.2)."""
    west, south, east, north = _numbers(raw, 4, "minLon,minLat,maxLon,maxLat")
    if max(abs(south), abs(north)) > 90 or max(abs(west), abs(east)) > 180 or south > north:
        raise ValueError("South may not be beyond north; latitudes to 90, longitudes to 180 degrees.")
    return Box(west, south, east, north)


def radius_km(raw: str) -> float:
    km = _number(raw)
    if not 0 <= km <= WIDEST_KM:
        raise ValueError(f"A number of kilometres from 0 to {WIDEST_KM:.0f}.")
    return km


def since(raw: str) -> datetime:
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(raw.replace(" ", "+"))
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise ValueError("A time of RFC 3339 with its offset, for example 2026-11-24T09:00:00Z.")
    return moment


def limit(raw: str) -> int:
    number = whole(raw)
    if number is None or not 1 <= number <= MOST:
        raise ValueError(f"A number from 1 to {MOST}.")
    return number


def skip(raw: str) -> int:
    number = whole(raw)
    if number is None:
        raise ValueError("A whole number of records to pass over.")
    return number


def lang(raw: str) -> str:
    if raw not in LANGUAGES:
        raise ValueError(f"One of {', '.join(LANGUAGES)}.")
    return raw


@dataclass(frozen=True)
class Cursor:
    """A position in a feed: the `place` of the alert before it, and the `mark` of the filters it belongs to."""

    place: str
    mark: str

    def text(self) -> str:
        """As text that says nothing."""
        return base64.urlsafe_b64encode(f"{self.place} {self.mark}".encode()).decode().rstrip("=")


def place(sent: datetime, alert_id: str) -> str:
    """Where an alert stands in the order of a feed, as text that sorts: newest is greatest."""
    return f"{sent.isoformat()} {alert_id}"


def cursor(raw: str) -> Cursor:
    """What `Cursor.text` wrote."""
    try:
        found = base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True).decode()
        before, _, mark = found.rpartition(" ")
        moment, _, alert_id = before.partition(" ")
        if not alert_id or datetime.fromisoformat(moment).isoformat() != moment:
            raise ValueError(found)
    except (binascii.Error, ValueError) as error:
        raise ValueError("Not a cursor of ours; begin without one.") from error
    return Cursor(before, mark)


def whole(raw: str) -> int | None:
    """A whole number of at most 18 plain digits; None for anything else."""
    return int(raw) if re.fullmatch(r"\d{1,18}", raw, re.ASCII) else None


def _number(raw: str) -> float:
    return float(raw) if _NUMBER.fullmatch(raw) else math.nan


def _numbers(raw: str, count: int, form: str) -> list[float]:
    values = [_number(part) for part in raw.split(",")]
    if len(values) != count or not all(math.isfinite(value) for value in values):
        raise ValueError(f"Please give {form}, in degrees.")
    return values


PARSERS: dict[str, Callable[[str], Any]] = {
    "bbox": bbox,
    "point": point,
    "radius_km": radius_km,
    "since": since,
    "status": status,
    "limit": limit,
    "cursor": cursor,
    "lang": lang,
}
"""Each may be given once; `region`, which may be repeated, is read by `schemas.read`."""
