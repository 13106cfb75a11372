"""Which regions an alert's area touches, and how much of it lies in each: by land area alone, never by people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import shapely
from shapely.geometry.base import BaseGeometry

from services.review.drafts.schemas import DraftFields
from shared.geo import circle, km2, polygon
from shared.messages import AlertRing, Place
from shared.regions import Regions
from shared.rings import km_at

LEAST_SHARE = 0.001
"""What is less of the area than this is only a touch of the border's simplified line."""


@dataclass(frozen=True)
class Reached:
    """A region: the square kilometres of the area in it, as a share of the area and of the region (0 to 1)."""

    code: str
    km2: float
    of_area: float
    of_region: float
    chosen: bool


@dataclass(frozen=True)
class Reach:
    """All regions that the area touches, most of it first; `km2` is the whole area; `apart` are chosen, not touched."""

    km2: float
    regions: tuple[Reached, ...]
    apart: tuple[str, ...]

    @property
    def left_out(self) -> tuple[Reached, ...]:
        """Touched, but not among the chosen."""
        return tuple(each for each in self.regions if not each.chosen)


def shape_of(lat: float, lon: float, radius_km: float, corners: tuple[Place, ...]) -> BaseGeometry:
    """The polygon of `corners`, or the circle where there is none."""
    return polygon(corners) if corners else circle(lat, lon, radius_km)


def reached(regions: Regions, area: BaseGeometry, chosen: Collection[str]) -> Reach:
    """Walks the smallest regions about the area. A chosen country holds its parts."""
    whole = km2(area)
    found = [_reached(regions, code, area, whole, chosen) for code in _near(regions, area)]
    touched = tuple(sorted((each for each in found if each.of_area >= LEAST_SHARE), key=lambda each: -each.km2))
    seen = {each.code for each in touched}
    apart = [code for code in chosen if not any(code == own or own.startswith(f"{code}-") for own in seen)]
    return Reach(whole, touched, tuple(code for code in apart if regions.known(code)))


def rings_of(
    regions: Regions, fields: DraftFields, lat: float, lon: float, seen_at: datetime, now: datetime
) -> list[AlertRing]:
    """The circle that holds `now` about a place, then those that follow by themselves before the alert ends.

    Each is for the chosen regions, and for all that it or one before it touches. Without rings it is the one drawn."""
    if not fields.rings:
        return [AlertRing(now, fields.radius_km, fields.regions)]
    present = km_at(fields.rings, now - seen_at)
    found, named = [], list(fields.regions)
    for hours, km in fields.rings:
        at = seen_at + timedelta(hours=hours)
        if km < present or (km > present and fields.expires is not None and at >= fields.expires):
            continue
        touched = reached(regions, circle(lat, lon, km), fields.regions).left_out
        named += [each.code for each in touched if each.code not in named]
        found.append(AlertRing(at, km, tuple(named)))
    return found


def _near(regions: Regions, area: BaseGeometry) -> list[str]:
    codes = [code for part in shapely.get_parts(area) for code in regions.touching(*part.bounds)]
    return list(dict.fromkeys(codes))


def _reached(regions: Regions, code: str, area: BaseGeometry, whole: float, chosen: Collection[str]) -> Reached:
    shape = regions.shape(code)
    inside = km2(shapely.intersection(shape, area))
    held = any(code == own or code.startswith(f"{own}-") for own in chosen)
    return Reached(code, inside, inside / whole, inside / km2(shape), held)
