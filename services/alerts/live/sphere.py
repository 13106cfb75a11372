"""Caps: a centre as a unit vector and an angle from it, for many places at once. No pole and no antimeridian."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

SLACK = 1e-9
"""What the cosine of an angle may be off, generously."""
_BULGE = 1e-4
"""Radians by which an edge that is straight on the map of half a degree's steps may leave the cap of its ends."""


def vectors(lat: np.ndarray | Sequence[float], lon: np.ndarray | Sequence[float]) -> np.ndarray:
    """n x 3, of degrees."""
    phi, along = np.radians(np.asarray(lat, float)), np.radians(np.asarray(lon, float))
    return np.stack([np.cos(phi) * np.cos(along), np.cos(phi) * np.sin(along), np.sin(phi)], axis=-1)


def cap_of(shape: BaseGeometry) -> tuple[np.ndarray, float]:
    """A cap around a whole shape in (lon, lat): its centre and its angle in radians."""
    at = shapely.get_coordinates(shapely.segmentize(shape, 0.5))
    corners = vectors(at[:, 1], at[:, 0])
    middle = corners.mean(axis=0)
    length = np.linalg.norm(middle)
    centre = middle / length if length > SLACK else corners[0]
    return centre, float(angles(corners, centre).max()) + _BULGE


def angles(places: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Radians between each of n places and one: by the chord, which is steady for near places too."""
    chord = np.linalg.norm(places - place, axis=-1)
    return 2 * np.arcsin(np.minimum(chord / 2, 1.0))


def meeting(caps: "Caps", place: np.ndarray, reach: float) -> np.ndarray:
    """Which of the caps meet the one of `reach` radians about `place`; rather one too many than one too few."""
    apart = caps.centre @ place
    least = caps.cos * np.cos(reach) - caps.sin * np.sin(reach)
    return np.flatnonzero((apart >= least - SLACK) | (caps.radius >= np.pi - reach))


@dataclass(frozen=True)
class Caps:
    """n caps: their centres, and their radius in radians with its cosine and sine, which every question needs."""

    centre: np.ndarray
    radius: np.ndarray
    cos: np.ndarray
    sin: np.ndarray

    @classmethod
    def of(cls, centre: np.ndarray, radius: np.ndarray) -> "Caps":
        return cls(centre, radius, np.cos(radius), np.sin(radius))
