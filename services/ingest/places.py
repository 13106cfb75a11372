"""From what people write about a place to a point of the globe: numbers, a map app's link, or a region's name."""

import re
from dataclasses import dataclass

from services.ingest.point import read_point
from shared.geo import Region, Regions
from shared.messages import Language
from shared.regions import plain

SUGGESTED = 8
_BETWEEN = re.compile(r"[,;，、；()（）\n]")


@dataclass(frozen=True)
class Found:
    """A point in degrees. `region` is set if no more is known than that it is somewhere in there."""

    lat: float
    lon: float
    region: str | None = None


def find(written: str, regions: Regions, language: Language) -> Found | None:
    """The point that `written` means, None if none or more than one. A region stands for a point inside it."""
    if point := read_point(written):
        return Found(*point)
    fitting = [region for region in suggestions(written, regions) if _is_named(region, written)]
    return in_region(fitting[0].code, regions, language) if len(fitting) == 1 else None


def in_region(code: str, regions: Regions, language: Language) -> Found | None:
    """A point inside the region of this ISO code, None if there is no such region."""
    if not regions.known(code):
        return None
    inside = regions.shape(code).representative_point()
    return Found(round(inside.y, 4), round(inside.x, 4), full_name(regions.get(code), regions, language))


def suggestions(written: str, regions: Regions) -> list[Region]:
    """Regions that `written` may mean. "Gare de Lyon, Paris" is looked for from its end, as addresses go."""
    for part in parts(written):
        if found := regions.search(part, SUGGESTED):
            return list(found)
    return []


def parts(written: str) -> list[str]:
    """The parts of an address, the last first."""
    return [part.strip() for part in reversed(_BETWEEN.split(written[:400])) if len(part.strip()) > 1]


def full_name(region: Region, regions: Regions, language: Language) -> str:
    """`Paris, France`, in the reader's language."""
    parent = regions.get(region.parent).name(language) if region.parent else ""
    name = region.name(language)
    return f"{name}, {parent}" if parent and parent != name else name


def _is_named(region: Region, written: str) -> bool:
    wanted = plain(written.strip())
    return wanted in (plain(region.name_en), region.name_zh, region.code.casefold())
