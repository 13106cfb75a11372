"""Boxes of longitude and latitude (RFC 7946, 5), and how far a place is from one, exactly on the sphere."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from shared.geo import EARTH_KM


@dataclass(frozen=True)
class Box:
    """Degrees; its sides are meridians and parallels. A `west` greater than `east` goes over the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def shape(self) -> BaseGeometry:
        """In (lon, lat), cut at the antimeridian; a box without area is a line or a point."""
        if self.west <= self.east:
            return _span(self.west, self.south, self.east, self.north)
        eastern = _span(self.west, self.south, 180, self.north)
        return shapely.union(eastern, _span(-180, self.south, self.east, self.north))

    def km_to(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Great-circle distances from places to the nearest place of the box; 0 inside.

        North or south of the box that is straight along the meridian. Elsewhere the nearest place lies on the western
        or the eastern side, since along a parallel the distance grows with the difference in longitude.
        """
        straight = distances_km(lat, lon, np.clip(lat, self.south, self.north), lon)
        if self.east - self.west >= 360:
            return straight
        beside = np.minimum(self._km_to_side(lat, lon, self.west), self._km_to_side(lat, lon, self.east))
        above = (lon - self.west) % 360 <= (self.east - self.west) % 360
        return np.where(above, straight, beside)

    def _km_to_side(self, lat: np.ndarray, lon: np.ndarray, side: float) -> np.ndarray:
        """To the nearest of: the side's two ends, and its foot of the perpendicular if that lies between them."""
        phi, away = np.radians(lat), np.radians(side - lon)
        foot = np.degrees(np.arctan2(np.sin(phi), np.cos(phi) * np.cos(away)))
        ends = np.minimum(distances_km(lat, lon, self.south, side), distances_km(lat, lon, self.north, side))
        between = (self.south <= foot) & (foot <= self.north)
        return np.where(between, np.minimum(ends, distances_km(lat, lon, foot, side)), ends)


def distances_km(lat1: np.ndarray, lon1: np.ndarray, lat2: np.ndarray | float, lon2: np.ndarray | float) -> np.ndarray:
    """Great-circle distances of many places at once (the haversine formula, as `shared.geo.distance_km`)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    across = np.sin(np.radians(lon2 - lon1) / 2)
    up = np.sin((phi2 - phi1) / 2)
    squared = up * up + np.cos(phi1) * np.cos(phi2) * across * across
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(squared, 1.0)))


def _span(west: float, south: float, east: float, north: float) -> BaseGeometry:
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)
