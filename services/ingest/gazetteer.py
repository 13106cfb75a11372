"""Towns of the world by name and by place, read on demand from one file; no third party learns what is looked for.

The file is made by tools/make_places.py out of GeoNames (CC BY 4.0); docs/regions.md says what is in it.
"""

import functools
import lzma
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from shared.regions import plain

DATA = Path(__file__).parent / "data" / "places.sqlite"
_COLUMNS = "name, zh, country, lat, lon"


@dataclass(frozen=True)
class Town:
    """`country` is its ISO 3166-1 code; `zh` may be empty."""

    name_en: str
    name_zh: str
    country: str
    lat: float
    lon: float

    def name(self, language: str) -> str:
        return (self.name_zh if language == "zh" else "") or self.name_en


class Gazetteer:
    """The towns in the file at `path` (default: the one we ship). Safe to share between threads."""

    def __init__(self, path: Path = DATA) -> None:
        self._file = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)

    def search(self, text: str, limit: int = 6) -> list[Town]:
        """Towns whose name begins with `text` in any spelling we know; those of just this name first, then by size."""
        wanted = plain(text.strip())[:60]
        if not wanted:
            return []
        found = f"""SELECT {_COLUMNS} FROM place JOIN (
            SELECT place, max(plain = :wanted) AS exact FROM alias
            WHERE plain >= :wanted AND plain < :end GROUP BY place
            ) ON place = id ORDER BY exact DESC, people DESC LIMIT :limit"""  # noqa: S608 the columns are ours
        values = {"wanted": wanted, "end": wanted + "\U0010ffff", "limit": limit}
        return [Town(*row) for row in self._file.execute(found, values).fetchall()]

    def named(self, text: str) -> list[Town]:
        """Towns of just this name, in any spelling, the largest first."""
        found = f"SELECT {_COLUMNS} FROM place JOIN alias ON place = id WHERE plain = ? ORDER BY people DESC LIMIT 2"  # noqa: S608
        return [Town(*row) for row in self._file.execute(found, (plain(text.strip())[:60],)).fetchall()]

    def within(self, west: float, south: float, east: float, north: float, limit: int = 14) -> list[Town]:
        """The largest towns in a box, which lies within -180 to 180."""
        found = f"""SELECT {_COLUMNS} FROM place WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?
            ORDER BY people DESC LIMIT ?"""  # noqa: S608
        return [Town(*row) for row in self._file.execute(found, (south, north, west, east, limit)).fetchall()]

    @functools.cached_property
    def lands(self) -> dict[str, BaseGeometry]:
        """Every country's outline by its code, in little detail."""
        rows = self._file.execute("SELECT code, wkb FROM land").fetchall()
        return {code: shapely.from_wkb(lzma.decompress(wkb)) for code, wkb in rows}

    @functools.cached_property
    def far_lands(self) -> dict[str, BaseGeometry]:
        """The same for a map of half the world."""
        return {code: shape.simplify(0.25) for code, shape in self.lands.items()}
