"""Places on the globe: distances, circles, rounding, and (from shared.regions) the world's regions.

Degrees are WGS 84, latitude first in arguments; shapes are shapely geometries in (lon, lat), cut at ±180.
The earth is a sphere of 6371.0088 km (the IUGG's mean radius): at most 0.6 % off the ellipsoid.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely import box, unary_union
from shapely.affinity import translate
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from shared.regions import Region, Regions, UnknownRegion, within

__all__ = [
    "Region", "Regions", "UnknownRegion", "circle", "closed", "cut", "disc", "disc_corners", "distance_km", "km2",
    "polygon", "rounded",
    "within",
]  # fmt: skip

EARTH_KM = 6371.0088
DEGREE_KM = math.radians(EARTH_KM)
HALF_WAY_KM = math.pi * EARTH_KM
_STEPS = 90
_GRAIN_KM = 0.002
"""How far rounding to five decimals may move a point, generously."""


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (the haversine formula), which is steady for near points and antipodes alike."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    across = math.sin(math.radians(lon2 - lon1) / 2)
    up = math.sin((phi2 - phi1) / 2)
    squared = up * up + math.cos(phi1) * math.cos(phi2) * across * across
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(squared)))


def circle(lat: float, lon: float, km: float, steps: int = _STEPS) -> BaseGeometry:
    """All places within `km` of a point: a polygon of `2 * steps` corners, or several cut at the antimeridian."""
    if km >= HALF_WAY_KM:
        return box(-180, -90, 180, 90)
    return cut(disc(lat, lon, km, steps))


def disc(lat: float, lon: float, km: float, steps: int = _STEPS) -> Polygon:
    """The circle in one piece, which may reach beyond 180 degrees; over the poles too. Raises ValueError.

    The destination formula gives the eastern half from its northernmost to its southernmost point, as degrees
    east of the centre (0 to 180); the western half mirrors it. A pole inside adds that whole edge of the map.
    """
    return Polygon(disc_corners(lat, lon, km, steps))


def disc_corners(lat: float, lon: float, km: float, steps: int = _STEPS) -> np.ndarray:
    """The corners of that circle (lon, lat), clockwise from its northernmost one, which is also the last."""
    if not 0 < km < HALF_WAY_KM:
        raise ValueError(f"a circle's radius is between 0 and {HALF_WAY_KM:.0f} km, not {km}")
    away, height = _edge(lat, km, *_bearings(steps))
    half = np.empty((steps + 1, 2))
    half[:, 0], half[:, 1] = away, height
    if lat + km / DEGREE_KM > 90:
        half = np.vstack(((180.0, 90.0), half))
    if lat - km / DEGREE_KM < -90:
        half = np.vstack((half, (180.0, -90.0)))
    corners = np.concatenate((half, half[::-1]))
    corners[len(half) :, 0] *= -1
    corners[:, 0] += lon
    return corners


@functools.lru_cache(maxsize=32)
def _bearings(steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and sine of the bearings from 0 to pi."""
    bearing = np.linspace(0, math.pi, steps + 1)
    return np.cos(bearing), np.sin(bearing)


def _edge(lat: float, km: float, cosine: np.ndarray, sine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees east of the centre (0 to 180), and latitude, of the points at these bearings."""
    phi, reach = math.radians(lat), km / EARTH_KM
    height = np.sin(phi) * np.cos(reach) + np.cos(phi) * np.sin(reach) * cosine
    height = np.clip(height, -1.0, 1.0)
    away = np.arctan2(sine * np.sin(reach) * np.cos(phi), np.cos(reach) - np.sin(phi) * height)
    return np.abs(np.degrees(away)), np.degrees(np.arcsin(height))


def closed(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A ring's corners (lat, lon), the first again at the end, as CAP and GeoRSS write them."""
    return [*corners, *corners[:1]]


def polygon(corners: Sequence[tuple[float, float]]) -> Polygon:
    """The polygon of corners (lat, lon). It does not go over the antimeridian."""
    return Polygon([(lon, lat) for lat, lon in corners])


def km2(shape: BaseGeometry) -> float:
    """Square kilometres of a shape in (lon, lat): its area on the equal-area cylinder, whose sides are longitude and
    the sine of latitude. Edges are taken as straight on the map of degrees."""
    fine = shapely.segmentize(shape, 0.5)
    flat = shapely.transform(fine, lambda at: np.column_stack((np.radians(at[:, 0]), np.sin(np.radians(at[:, 1])))))
    return float(flat.area) * EARTH_KM * EARTH_KM


def cut(shape: BaseGeometry) -> BaseGeometry:
    """A shape that may reach beyond 180 degrees, cut there and brought back onto the map."""
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    world = box(-180, -90, 180, 90)
    turns = [translate(shape, turn).intersection(world) for turn in (-360, 0, 360)]
    return unary_union([part for part in turns if part.area > 0])


def rounded(lat: float, lon: float, km: float = 1.0) -> tuple[float, float]:
    """The nearest point of a fixed grid, never more than `km` away: it says about where, not which door.

    The grid is the same each time, so that asking again tells no more. Rows are `km * sqrt(2)` high; each has
    as many columns of at most that width as go round the globe at the row's widest parallel.
    """
    if km <= _GRAIN_KM:
        raise ValueError(f"cannot round to {km} km")
    step = (km - _GRAIN_KM) * math.sqrt(2) / DEGREE_KM
    row = max(-90.0, min(90.0, round(lat / step) * step))
    widest = math.cos(math.radians(max(0.0, abs(row) - step / 2)))
    columns = math.ceil(360 * widest / step)
    column = round((lon + 180) / 360 * columns) % columns
    return round(row, 5), round(column * 360 / columns - 180, 5)
