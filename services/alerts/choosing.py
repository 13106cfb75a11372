"""Chooses a feed's alerts: by region, box or point, by time, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.alerts import area
from services.alerts.schemas import Query, cursor
from services.alerts.store import Published
from shared.regions import Regions


@dataclass(frozen=True)
class Chosen:
    """`next` is the cursor of the following page, None on the last."""

    items: tuple[Published, ...]
    next: str | None


def choose(live: Sequence[Published], query: Query, regions: Regions) -> Chosen:
    """The page that `query` asks for of the `live` alerts, which come newest first."""
    wanted = [item for item in live if _matches(item, query, regions)]
    if query.cursor is not None:
        wanted = [item for item in wanted if _place(item) < query.cursor]
    page = tuple(wanted[: query.limit])
    return Chosen(page, cursor(_place(page[-1])) if len(wanted) > query.limit else None)


def _place(item: Published) -> str:
    """Where an alert stands in the order of a feed, as text that sorts: newest is greatest."""
    return f"{item.alert.first_sent.isoformat()} {item.alert.id}"


def _matches(item: Published, query: Query, regions: Regions) -> bool:
    content = item.content
    if content is None or (query.since and item.alert.changed_at < query.since):
        return False
    if query.regions and not any(area.in_region(content, code, regions) for code in query.regions):
        return False
    if query.bbox is not None and not area.in_box(content, query.bbox, regions):
        return False
    near = query.near
    return near is None or area.near(content, near.lat, near.lon, near.km, regions)
