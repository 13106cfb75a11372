"""The clock of a place: the time zone of the country's nearest town in the tz database's own list (`zone.tab`).

A form asks for a time as the wall clock showed it, and nobody in shock for a time zone.
"""

import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

import pytz

_PLACE = re.compile(r"([+-]\d{4,7})([+-]\d{5,7})")
_BY_LAW = {"Asia/Urumqi": "Asia/Shanghai"}
"""All of China keeps Beijing's clock."""

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Town:
    """A town that the tz database names a zone after; `country` is its ISO 3166-1 code."""

    country: str
    zone: str
    where: Vector


@dataclass(frozen=True)
class Clock:
    """Tells zones. `codes_at` gives the ISO codes of the regions around a point, the country's last."""

    codes_at: Callable[[float, float], tuple[str, ...]]

    def zone_at(self, lat: float, lon: float) -> tzinfo:
        """The time zone at a point in WGS 84 degrees; at sea, of the nearest town anywhere."""
        here, country = _vector(lat, lon), ("", *self.codes_at(lat, lon))[-1]
        towns = [town for town in _towns() if town.country == country] or _towns()
        name = max(towns, key=lambda town: _dot(here, town.where)).zone
        return _zone(_BY_LAW.get(name, name))


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@functools.cache
def _towns() -> tuple[Town, ...]:
    lines = pytz.open_resource("zone.tab").read().decode().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return tuple(Town(row[0], row[2], _vector(*_degrees(row[1]))) for row in rows)


@functools.cache
def _zone(name: str) -> ZoneInfo:
    with pytz.open_resource(name) as rules:
        return ZoneInfo.from_file(rules, key=name)


def _degrees(place: str) -> tuple[float, float]:
    """`+4852+00220` (degrees and minutes, perhaps seconds) in degrees."""
    match = _PLACE.fullmatch(place)
    if not match:
        raise ValueError(f"not a place of zone.tab: {place!r}")
    lat, lon = match.groups()
    return _angle(lat, 3), _angle(lon, 4)


def _angle(text: str, width: int) -> float:
    size = int(text[1:width]) + int(text[width : width + 2]) / 60 + int(text[width + 2 :] or 0) / 3600
    return -size if text[0] == "-" else size


def _vector(lat: float, lon: float) -> Vector:
    phi, theta = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)
