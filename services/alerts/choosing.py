"""Chooses a feed's alerts: by region, box or point, by time, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.alerts import area
from services.alerts.params import Cursor, place
from services.alerts.schemas import Query
from services.alerts.store import Published
from shared.regions import Regions


@dataclass(frozen=True)
class Chosen:
    """A page. `next` and `previous` are cursors of the pages beside it: None where there is none, and `previous` is
    empty where that page is the first, which has no cursor."""

    items: tuple[Published, ...]
    next: str | None
    previous: str | None


def choose(live: Sequence[Published], query: Query, regions: Regions) -> Chosen:
    """The page that `query` asks for of the `live` alerts, which come newest first."""
    wanted = [item for item in live if _matches(item, query, regions)]
    begin = 0
    if query.cursor is not None:
        begin = sum(_place(item) >= query.cursor.place for item in wanted)
    end = begin + query.limit
    return Chosen(
        tuple(wanted[begin:end]),
        next=_cursor(query, wanted, end) if end < len(wanted) else None,
        previous=_cursor(query, wanted, begin - query.limit) if begin else None,
    )


def _cursor(query: Query, wanted: Sequence[Published], begin: int) -> str:
    """The cursor of a page that begins at `begin`: the place of the alert before it."""
    if begin <= 0:
        return ""
    before = wanted[begin - 1].alert
    return Cursor(place(before.first_sent, before.id), query.mark()).text()


def _place(item: Published) -> str:
    return place(item.alert.first_sent, item.alert.id)


def _matches(item: Published, query: Query, regions: Regions) -> bool:
    content = item.content
    if content is None or (query.since and item.changed_at < query.since):
        return False
    if query.regions and not any(area.in_region(content, code, regions) for code in query.regions):
        return False
    if query.bbox is not None and not area.in_box(content, query.bbox, regions):
        return False
    near = query.near
    return near is None or area.near(content, near.lat, near.lon, near.km, regions)
