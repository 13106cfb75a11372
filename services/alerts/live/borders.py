"""Regions as questions of place meet them: an R-tree over their boxes first, then their very borders."""

import functools

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from services.alerts.live.sphere import cap_of
from shared.regions import Regions

KEPT = 5000
LARGE = 4.0
"""Square degrees: in a shape that is smaller, no region is looked for that lies in it as a whole."""


class Borders:
    """Safe to share between threads. Shapes are kept, prepared, once they were asked for: the whole world is 40 MB."""

    def __init__(self, regions: Regions) -> None:
        self.regions = regions
        boxes = regions.boxes()
        self.codes = np.array([code for code, *_ in boxes])
        self.tree = shapely.STRtree(shapely.box(*np.array([sides for _, *sides in boxes], float).T))
        self.shape = functools.lru_cache(maxsize=KEPT)(self._shape)
        self.parts_of = functools.lru_cache(maxsize=KEPT)(self._parts_of)
        self.cap = functools.lru_cache(maxsize=KEPT)(lambda code: cap_of(self.shape(code)))

    def above(self, code: str) -> tuple[str, ...]:
        """The regions around a region."""
        return self.regions.above(code)

    def _parts_of(self, code: str) -> tuple[str, ...]:
        """The regions that are met wherever this one is: an operator's own may reach beyond the one it lies in."""
        return self.above(code) if self.regions.is_world(code) else ()

    def reached_by(self, shape: BaseGeometry) -> set[str]:
        """Every region, small or large, that `shape` meets."""
        sure, perhaps = self.meeting(shape)
        met = {*sure, *(code for code in perhaps if shapely.intersects(self.shape(code), shape))}
        return met.union(*(self.parts_of(code) for code in met))

    def meeting(self, shape: BaseGeometry) -> tuple[frozenset[str], frozenset[str]]:
        """Of the smallest regions: those that surely meet `shape`, since all of one of their boxes lies in it, and
        those that perhaps do (of a small shape, all)."""
        large = shape.area > LARGE
        sure = frozenset(self.codes[self.tree.query(shape, "contains")].tolist()) if large else frozenset()
        parts = shapely.get_parts(shape)
        perhaps = frozenset(self.codes[self.tree.query(parts)[1]].tolist())
        return sure, perhaps - sure

    def _shape(self, code: str) -> BaseGeometry:
        shape = self.regions.shape(code)
        shapely.prepare(shape)
        return shape
