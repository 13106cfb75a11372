"""What a feed may be asked for, read from the query; every mistake names its parameter."""

import base64
import binascii
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from shapely import box, unary_union
from shapely.geometry.base import BaseGeometry
from werkzeug.datastructures import MultiDict

from shared.messages import CapStatus
from shared.regions import Regions

KNOWN = ("region", "bbox", "point", "radius_km", "since", "status", "limit", "cursor", "lang")
STATUSES: dict[str, CapStatus] = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
MOST = 100
WIDEST_KM = 20_000.0


@dataclass(frozen=True)
class Near:
    lat: float
    lon: float
    km: float


@dataclass(frozen=True)
class Query:
    """A feed's filters; all that are given must hold, of several regions any."""

    status: CapStatus = "Actual"
    regions: tuple[str, ...] = ()
    bbox: BaseGeometry | None = None
    near: Near | None = None
    since: datetime | None = None
    limit: int = MOST
    cursor: str | None = None


def read(args: MultiDict[str, str], regions: Regions) -> Query:
    """The query. Raises ValidationError, by parameter."""
    known = ", ".join(KNOWN)
    faults = {name: [f"There is no such parameter. There are: {known}."] for name in args if name not in KNOWN}
    found: dict[str, Any] = {}
    for name, parse in _PARSERS.items():
        if name in args:
            try:
                found[name] = parse(args[name])
            except ValueError as error:
                faults[name] = [str(error)]
    codes = tuple(code.upper() for code in args.getlist("region"))
    unknown = [code for code in codes if not regions.known(code)]
    if unknown:
        faults["region"] = [f"There is no region {', '.join(unknown)}. /v1/regions lists them all."]
    if "radius_km" in args and "point" not in args:
        faults["radius_km"] = ["A radius needs a point."]
    if faults:
        raise ValidationError(faults)
    km = found.pop("radius_km", 0.0)
    if "point" in found:
        found["near"] = Near(*found.pop("point"), km)
    return Query(regions=codes, **found)


def _status(raw: str) -> CapStatus:
    if raw.lower() not in STATUSES:
        raise ValueError(f"One of {', '.join(STATUSES)}; one at a time.")
    return STATUSES[raw.lower()]


def _numbers(raw: str, count: int, form: str) -> list[float]:
    try:
        values = [float(part) for part in raw.split(",")]
    except ValueError:
        values = []
    if len(values) != count or not all(math.isfinite(value) for value in values):
        raise ValueError(f"Please give {form}, in degrees.")
    return values


def _point(raw: str) -> tuple[float, float]:
    lat, lon = _numbers(raw, 2, "lat,lon")
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError("A latitude is from -90 to 90, a longitude from -180 to 180.")
    return lat, lon


def _box(raw: str) -> BaseGeometry:
    """minLon,minLat,maxLon,maxLat; a west greater than the east goes over the antimeridian (RFC 7946, 5.2)."""
    west, south, east, north = _numbers(raw, 4, "minLon,minLat,maxLon,maxLat")
    if max(abs(south), abs(north)) > 90 or max(abs(west), abs(east)) > 180 or south > north:
        raise ValueError("South may not be beyond north; latitudes to 90, longitudes to 180 degrees.")
    if west <= east:
        return box(west, south, east, north)
    return unary_union([box(west, south, 180, north), box(-180, south, east, north)])


def _radius(raw: str) -> float:
    try:
        km = float(raw)
    except ValueError:
        km = math.nan
    if not 0 <= km <= WIDEST_KM:
        raise ValueError(f"A number of kilometres from 0 to {WIDEST_KM:.0f}.")
    return km


def _moment(raw: str) -> datetime:
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(raw.replace(" ", "+"))
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise ValueError("A time of RFC 3339 with its offset, for example 2026-11-24T09:00:00Z.")
    return moment


def _limit(raw: str) -> int:
    if not raw.isdigit() or not 1 <= int(raw) <= MOST:
        raise ValueError(f"A number from 1 to {MOST}.")
    return int(raw)


def cursor(key: str) -> str:
    """A position in a feed, as text that says nothing."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def uncursor(raw: str) -> str:
    try:
        return base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise ValueError("Not a cursor of ours; begin without one.") from error


_PARSERS: dict[str, Callable[[str], Any]] = {
    "status": _status,
    "bbox": _box,
    "point": _point,
    "radius_km": _radius,
    "since": _moment,
    "limit": _limit,
    "cursor": uncursor,
}
