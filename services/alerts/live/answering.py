"""Answers a feed's question from the columns: first all alerts roughly at once, then the few in doubt exactly.

What is exact stays as `area.py` says it: great circles for circles and boxes, shapely for polygons and borders.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from services.alerts import area
from services.alerts.boxes import Box
from services.alerts.live.columns import Columns, said
from services.alerts.live.groups import Groups
from services.alerts.live.sphere import angles, meeting, vectors
from services.alerts.params import Cursor, place
from services.alerts.schemas import Near, Query
from services.alerts.store import Published
from shared.geo import EARTH_KM


@dataclass(frozen=True)
class Chosen:
    """A page. `next` and `previous` are cursors of the pages beside it: None where there is none, and `previous` is
    empty where that page is the first, which has no cursor."""

    items: tuple[Published, ...]
    next: str | None
    previous: str | None


def choose(live: Columns, groups: Groups, query: Query) -> Chosen:
    """The page that `query` asks for, newest first."""
    wanted = np.flatnonzero(_matching(live, groups, query))[::-1]
    begin = 0
    if query.cursor is not None:
        begin = int(np.count_nonzero(wanted >= bisect_left(live.places, query.cursor.place)))
    end = begin + query.limit
    return Chosen(
        tuple(live.items[at] for at in wanted[begin:end]),
        next=_cursor(query, live, wanted, end) if end < len(wanted) else None,
        previous=_cursor(query, live, wanted, begin - query.limit) if begin else None,
    )


def _cursor(query: Query, live: Columns, wanted: np.ndarray, begin: int) -> str:
    """The cursor of a page that begins at `begin`: the place of the alert before it."""
    if begin <= 0:
        return ""
    before = live.items[wanted[begin - 1]].alert
    return Cursor(place(before.first_sent, before.id), query.mark()).text()


def _matching(live: Columns, groups: Groups, query: Query) -> np.ndarray:
    """By alert: whether all that is asked for holds."""
    holds = np.ones(len(live.items), bool)
    if query.since is not None:
        holds &= live.rows["changed"] >= query.since.timestamp()
    if query.regions:
        holds &= np.logical_or.reduce([in_region(live, groups, code) for code in query.regions])
    if query.bbox is not None:
        holds &= in_box(live, groups, query.bbox)
    if query.near is not None:
        holds &= near(live, groups, query.near)
    return holds


def in_region(live: Columns, groups: Groups, code: str) -> np.ndarray:
    """By alert: whether it is for the region, for one inside it or around it, or its area reaches into it."""
    holds = groups.related_to(code)[live.group]
    centre, reach = groups.borders.cap(code)
    for at in meeting(live.caps, centre, reach):
        if not holds[at]:
            holds[at] = _reaches(live.items[at], groups, code)
    return holds


def _reaches(item: Published, groups: Groups, code: str) -> bool:
    def exactly() -> bool:
        return bool(shapely.intersects(groups.borders.shape(code), area.fine_shape(said(item))))

    return bool(item.once(("reaches", code), exactly))


def in_box(live: Columns, groups: Groups, box: Box) -> np.ndarray:
    """By alert: whether any of its area lies in the box."""
    shape = box.shape()
    holds = groups.meeting(shape)[live.group]
    left = np.flatnonzero(~holds)
    rows = live.rows[left]
    holds[left] = ~rows["drawn"] & (box.km_to(rows["lat"], rows["lon"]) <= rows["km"])
    return _drawn(live, holds, left[rows["drawn"]], shape)


def near(live: Columns, groups: Groups, asked: Near) -> np.ndarray:
    """By alert: whether any of its area lies within `asked.km` of the point, on the sphere."""
    around = area.fine_ring(asked.lat, asked.lon, asked.km) if asked.km > 0 else Point(asked.lon, asked.lat)
    holds = groups.meeting(around)[live.group]
    place = vectors([asked.lat], [asked.lon])[0]
    reach = min(asked.km / EARTH_KM, np.pi)
    left = meeting(live.caps, place, reach)
    left = left[~holds[left]]
    rows = live.rows[left]
    holds[left] = ~rows["drawn"] & (angles(rows["centre"], place) * EARTH_KM <= rows["km"] + asked.km)
    return _drawn(live, holds, left[rows["drawn"]], around)


def _drawn(live: Columns, holds: np.ndarray, some: np.ndarray, shape: BaseGeometry) -> np.ndarray:
    """`holds`, with the polygons among `some` of the alerts held against `shape`."""
    if len(some):
        shapely.prepare(shape)
        holds[some] = shapely.intersects(shape, [area.shape_of(said(live.items[at])) for at in some])
    return holds
