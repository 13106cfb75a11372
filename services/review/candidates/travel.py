"""From the place last seen to the place of the sighting: how far, how long, how fast. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.geo import distance_km

Verdict = Literal["before", "same_place", "on_foot", "by_car", "by_air", "impossible"]

NEAR_KM = 0.5
"""Two places of a report and a sighting that are no further apart are the same one."""
WALKING, DRIVING, FLYING = 6.0, 130.0, 1000.0
"""The fastest of each way to travel, kilometres an hour over the whole way."""
SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class Travel:
    """`took` is negative where the sighting was before; `kmh` is the least speed, as the crow flies."""

    km: float
    took: timedelta
    kmh: float | None
    verdict: Verdict


def travel(start: tuple[datetime, float, float], end: tuple[datetime, float, float]) -> Travel:
    """Between two (time, latitude, longitude)."""
    km, took = distance_km(*start[1:], *end[1:]), end[0] - start[0]
    if took < timedelta(0):
        return Travel(km, took, None, "before")
    kmh = km / (max(took, SHORTEST) / timedelta(hours=1))
    return Travel(km, took, kmh, _verdict(km, kmh))


def _verdict(km: float, kmh: float) -> Verdict:
    if km <= NEAR_KM:
        return "same_place"
    ways: tuple[tuple[float, Verdict], ...] = ((WALKING, "on_foot"), (DRIVING, "by_car"), (FLYING, "by_air"))
    return next((verdict for most, verdict in ways if kmh <= most), "impossible")
