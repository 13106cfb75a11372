"""What a small map shows: its parts in degrees, and the frame that turns degrees into pixels.

Plate carrée, narrowed by the cosine of the middle latitude, which is true enough for a region.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from shared.geo import HALF_WAY_KM, circle, disc

MARGIN = 1.15
LEAST_KM = 4.0
"""A lone point is shown with this much land about it."""
_NARROWEST = 0.1
_OUTSIDE = 6
"""Pixels that are drawn beyond the frame, so that cut edges are not seen."""
_TURNS = (-360, 0, 360)


@dataclass(frozen=True)
class Outline:
    """A shape in (lon, lat) with its name. `faint` ones are surroundings; the map is not made to fit them."""

    shape: BaseGeometry
    label: str = ""
    faint: bool = False


@dataclass(frozen=True)
class Pin:
    lat: float
    lon: float
    label: str = ""


@dataclass(frozen=True)
class Ring:
    lat: float
    lon: float
    km: float


@dataclass(frozen=True)
class Frame:
    """What is shown on how many pixels: the middle in degrees, and pixels per degree of latitude."""

    lat: float
    lon: float
    scale: float
    size: tuple[int, int]

    @property
    def squeeze(self) -> float:
        return max(_NARROWEST, math.cos(math.radians(self.lat)))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees; may reach beyond 180."""
        high, wide = self.size[1] / self.scale / 2, min(180.0, self.size[0] / self.scale / self.squeeze / 2)
        return self.lon - wide, self.lat - high, self.lon + wide, self.lat + high

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Pixels from the top left, of the turn round the globe that is nearest to the middle."""
        away = (lon - self.lon + 180) % 360 - 180
        return (
            self.size[0] / 2 + away * self.squeeze * self.scale,
            self.size[1] / 2 - (lat - self.lat) * self.scale,
        )

    def on_map(self) -> list[tuple[float, float, float, float]]:
        """The bounds as boxes within -180 to 180."""
        west, south, east, north = self.bounds
        turned = [(max(west + turn, -180), south, min(east + turn, 180), north) for turn in _TURNS]
        return [box for box in turned if box[0] < box[2]]

    def draw(self, shape: BaseGeometry) -> BaseGeometry:
        """The part of `shape` that is in the frame, in pixels."""
        west, south, east, north = self.bounds
        high, wide = _OUTSIDE / self.scale, _OUTSIDE / self.scale / self.squeeze
        window = (west - wide, south - high, east + wide, north + high)
        shown = [shapely.clip_by_rect(translate(shape, turn), *window) for turn in _TURNS]
        middle, by = (self.lon, self.lat), (self.squeeze * self.scale, -self.scale)
        corner = (self.size[0] / 2, self.size[1] / 2)
        seen = shapely.unary_union([part for part in shown if part.area > 0])
        return shapely.transform(seen, lambda at: (at - middle) * by + corner)


def fit(
    shapes: Sequence[Outline],
    points: Sequence[Pin],
    circles: Sequence[Ring],
    size: tuple[int, int] = (640, 420),
) -> Frame:
    """The frame that holds all circles and points or, without any, all shapes that are not faint."""
    focus: list[BaseGeometry] = [disc_of(ring) for ring in circles]
    focus += [disc(pin.lat, pin.lon, LEAST_KM) for pin in points]
    if not focus:
        focus = [_in_one_piece(outline.shape) for outline in shapes if not outline.faint]
    if not focus:
        raise ValueError("a map needs something to show")
    west, south, east, north = shapely.total_bounds(_turned(focus))
    lat, lon = float(south + north) / 2, float(west + east) / 2
    wide = max(float(east - west), 0.01) * max(_NARROWEST, math.cos(math.radians(lat)))
    high = max(float(north - south), 0.01)
    return Frame(lat, (lon + 180) % 360 - 180, min(size[0] / wide, size[1] / high) / MARGIN, size)


def disc_of(ring: Ring) -> BaseGeometry:
    """A ring's circle, in one piece."""
    return disc(ring.lat, ring.lon, ring.km) if ring.km < HALF_WAY_KM else circle(ring.lat, ring.lon, ring.km)


def _in_one_piece(shape: BaseGeometry) -> BaseGeometry:
    """A shape that lies on both sides of the antimeridian, with its western part moved a turn on."""
    if shape.bounds[2] - shape.bounds[0] <= 180:
        return shape
    parts = [translate(part, 360) if part.bounds[2] <= 0 else part for part in shapely.get_parts(shape)]
    return shapely.unary_union(parts)


def _turned(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """The shapes, each on the turn round the globe that is nearest to the first."""
    first = shapes[0].centroid.x
    return [translate(shape, 360 * round((first - shape.centroid.x) / 360)) for shape in shapes]
