"""The area of an alert beside its regions: the polygon drawn for it, or else the circle around where the child was last
seen."""

import functools
import math

from shapely.geometry.base import BaseGeometry

from shared.geo import circle, polygon
from shared.messages import AlertContent

LACKING_KM = 0.005
"""How far the polygon that stands for a circle may lie inside it, where the two are held against borders."""
FEWEST, MOST = 90, 720


STEPS = 36
"""Half as many corners as the polygon has that a map shows for a circle."""


def around_km(km: float) -> float:
    """How far the corners of that polygon lie from its middle: a little outside, so that nothing of the circle is lost
    between them, neither by the chord (a thousandth) nor where the map's straight line leaves the great circle."""
    return km * 1.002


@functools.lru_cache(maxsize=512)
def ring(lat: float, lon: float, km: float) -> BaseGeometry:
    """The circle as a geometry in (lon, lat), cut at the antimeridian, with as many corners as a map needs."""
    return circle(lat, lon, around_km(km), STEPS)


def shape_of(content: AlertContent) -> BaseGeometry:
    return polygon(content.polygon) if content.polygon else ring(content.lat, content.lon, content.radius_km)


@functools.lru_cache(maxsize=512)
def fine_ring(lat: float, lon: float, km: float) -> BaseGeometry:
    """The same with so many corners that it lacks at most five metres, beyond 500 km some more."""
    corners = math.ceil(math.pi * math.sqrt(km / (2 * LACKING_KM)))
    return circle(lat, lon, km, min(max(corners, FEWEST), MOST))


def fine_shape(content: AlertContent) -> BaseGeometry:
    return shape_of(content) if content.polygon else fine_ring(content.lat, content.lon, content.radius_km)
