"""The live alerts of one CAP status as columns, oldest first: a question is asked of all of them at once.

Nothing in it ever changes: a change makes another one, so that who is answering goes on undisturbed.
"""

import functools
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from services.alerts.area import shape_of
from services.alerts.live.sphere import Caps, cap_of, vectors
from services.alerts.params import place
from services.alerts.store import Published
from shared.geo import EARTH_KM
from shared.messages import AlertContent

ROW = np.dtype(
    [("centre", float, 3), ("radius", float), ("drawn", bool), ("group", np.int32), ("changed", float),
     ("lat", float), ("lon", float), ("km", float)]
)  # fmt: skip
"""`centre` and `radius` (radians) are a cap around the alert's circle or polygon; `drawn` is whether it is a polygon;
`group` stands for its set of regions; `changed` is in seconds since 1970."""

T = TypeVar("T")
GroupOf = Callable[[tuple[str, ...]], int]


@dataclass(frozen=True, eq=False)
class Columns:
    """`places` say where each alert stands in the order of a feed."""

    items: list[Published]
    places: list[str]
    rows: np.ndarray

    @functools.cached_property
    def caps(self) -> Caps:
        return Caps.of(np.ascontiguousarray(self.rows["centre"]), np.ascontiguousarray(self.rows["radius"]))

    @functools.cached_property
    def group(self) -> np.ndarray:
        return np.ascontiguousarray(self.rows["group"])

    def with_one(self, item: Published, group_of: GroupOf) -> "Columns":
        at = bisect_left(self.places, place_of(item))
        rows = np.insert(self.rows, at, _rows([item], group_of))
        return Columns(_put(self.items, at, item), _put(self.places, at, place_of(item)), rows)

    def without(self, where: str) -> "Columns":
        """Without the alert that stands at the place `where`, if there is one."""
        at = bisect_left(self.places, where)
        if self.places[at : at + 1] != [where]:
            return self
        return Columns(_cut(self.items, at), _cut(self.places, at), np.delete(self.rows, at))


def columns_of(items: Sequence[Published], group_of: GroupOf) -> Columns:
    """All at once."""
    items = sorted(items, key=place_of)
    return Columns(items, [place_of(item) for item in items], _rows(items, group_of))


def place_of(item: Published) -> str:
    return place(item.alert.first_sent, item.alert.id)


def said(item: Published) -> AlertContent:
    """What a live alert says."""
    if item.content is None:
        raise ValueError(f"the alert {item.alert.id} has ended")
    return item.content


def _rows(items: Sequence[Published], group_of: GroupOf) -> np.ndarray:
    rows = np.zeros(len(items), ROW)
    contents = [said(item) for item in items]
    for name, of in (("lat", "lat"), ("lon", "lon"), ("km", "radius_km")):
        rows[name] = [getattr(content, of) for content in contents]
    rows["group"] = [group_of(content.regions) for content in contents]
    rows["changed"] = [item.changed_at.timestamp() for item in items]
    rows["drawn"] = [bool(content.polygon) for content in contents]
    rows["centre"], rows["radius"] = vectors(rows["lat"], rows["lon"]), np.minimum(rows["km"] / EARTH_KM, np.pi)
    for at in np.flatnonzero(rows["drawn"]):
        rows["centre"][at], rows["radius"][at] = cap_of(shape_of(contents[at]))
    return rows


def _put(row: list[T], at: int, value: T) -> list[T]:
    return [*row[:at], value, *row[at:]]


def _cut(row: list[T], at: int) -> list[T]:
    return row[:at] + row[at + 1 :]
