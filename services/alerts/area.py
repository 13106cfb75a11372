"""Which alerts concern a place: an alert's area is its regions and the circle around where the child was last seen."""

import functools
from collections.abc import Iterable

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from shared.geo import circle, distance_km, within
from shared.messages import AlertContent
from shared.regions import Regions


@functools.lru_cache(maxsize=512)
def ring(lat: float, lon: float, km: float) -> BaseGeometry:
    """The circle as a geometry in (lon, lat), cut at the antimeridian."""
    return circle(lat, lon, km)


def ring_of(content: AlertContent) -> BaseGeometry:
    return ring(content.lat, content.lon, content.radius_km)


def in_region(content: AlertContent, code: str, regions: Regions) -> bool:
    """Whether the alert is for the region, for one inside it or around it, or its circle reaches into it."""
    if any(own == code or within(own, code) or within(code, own) for own in content.regions):
        return True
    return bool(shapely.intersects(ring_of(content), regions.shape(code)))


def in_box(content: AlertContent, box: BaseGeometry, regions: Regions) -> bool:
    """Whether any of the alert's area lies in `box`, a geometry that does not cross the antimeridian in one piece."""
    return any(shapely.intersects(shape, box) for shape in _shapes(content, regions))


def near(content: AlertContent, lat: float, lon: float, km: float, regions: Regions) -> bool:
    """Whether any of the alert's area lies within `km` of a point, on the sphere."""
    if distance_km(lat, lon, content.lat, content.lon) <= content.radius_km + km:
        return True
    around = ring(lat, lon, km) if km > 0 else Point(lon, lat)
    return any(shapely.intersects(regions.shape(code), around) for code in content.regions)


def _shapes(content: AlertContent, regions: Regions) -> Iterable[BaseGeometry]:
    yield ring_of(content)
    for code in content.regions:
        yield regions.shape(code)
