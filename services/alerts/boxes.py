"""Boxes of longitude and latitude (RFC 7946, 5), and how far a place is from one, exactly on the sphere."""

import math
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from shared.geo import distance_km


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

    def km_to(self, lat: float, lon: float) -> float:
        """Great-circle distance from a place to the nearest place of the box; 0 inside.

        North or south of the box that is straight along the meridian. Elsewhere the nearest place lies on the western
        or the eastern side, since along a parallel the distance grows with the difference in longitude.
        """
        if (lon - self.west) % 360 <= (self.east - self.west) % 360 or self.east - self.west >= 360:
            return distance_km(lat, lon, min(max(lat, self.south), self.north), lon)
        return min(self._km_to_side(lat, lon, side) for side in (self.west, self.east))

    def _km_to_side(self, lat: float, lon: float, side: float) -> float:
        """To the nearest of: the side's two ends, and its foot of the perpendicular if that lies between them."""
        phi, away = math.radians(lat), math.radians(side - lon)
        foot = math.degrees(math.atan2(math.sin(phi), math.cos(phi) * math.cos(away)))
        places = [self.south, self.north] + [foot] * (self.south <= foot <= self.north)
        return min(distance_km(lat, lon, each, side) for each in places)


def _span(west: float, south: float, east: float, north: float) -> BaseGeometry:
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    if west == east or south == north:
        return shapely.LineString([(west, south), (east, north)])
    return shapely.box(west, south, east, north)
