"""The world's regions: ISO 3166-2 subdivisions and ISO 3166-1 countries, read on demand from one SQLite file.

The file is made by tools/make_regions.py out of Natural Earth; docs/regions.md says what is in it.
"""

import functools
import lzma
import math
import sqlite3
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from shared.errors import HomewardError

DATA = Path(__file__).parent / "data" / "regions.sqlite"
OWN = "regions.sqlite"
"""The file of the operator's own regions, in the state folder."""
NEAR_KM = 10.0
_DEGREE_KM = 111.195
_CACHED_SHAPES = 48
_COLUMNS = "SELECT code, name_en, name_zh, parent, level FROM region"


class UnknownRegion(HomewardError):
    """There is no region of that code."""


@dataclass(frozen=True)
class Region:
    """`level` is 0 for a country, 1 for a subdivision, 2 for an operator's own; `parent` is the code it lies in."""

    code: str
    name_en: str
    name_zh: str
    parent: str | None
    level: int

    def name(self, language: str) -> str:
        """The name in "zh"; in any other language the English one."""
        return self.name_zh if language.startswith("zh") else self.name_en


def within(code: str, ancestor: str) -> bool:
    """Whether region `code` is `ancestor` or a part of it: a part's code begins with that of the whole."""
    return code == ancestor or code.startswith(f"{ancestor}-")


def plain(name: str) -> str:
    """A name as people type it: no accents, no capitals."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Regions:
    """The regions in the file at `path` (default: the one we ship), and those of the operator's own in the file at
    `own`, if there is one: they are found by code and name, but no point or area finds them by itself. Safe to share
    between threads."""

    def __init__(self, path: Path | None = None, own: Path | None = None) -> None:
        address = f"{(path or DATA).absolute().as_uri()}?immutable=1"
        self._file = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._own = own is not None and own.exists()
        if own is not None and self._own:
            self._file.execute("ATTACH ? AS own", (f"{own.absolute().as_uri()}?mode=ro",))
            for table in ("region", "shape"):
                both = f"SELECT * FROM main.{table} UNION ALL SELECT * FROM own.{table}"  # noqa: S608 - our own two words
                self._file.execute(f"CREATE TEMP VIEW {table} AS {both}")
        self._cached = functools.lru_cache(maxsize=_CACHED_SHAPES)(self._load)

    def get(self, code: str) -> Region:
        """Raises UnknownRegion."""
        row = self._file.execute(f"{_COLUMNS} WHERE code = ?", (code,)).fetchone()
        if row is None:
            raise UnknownRegion(f"There is no region {code!r}.")
        return Region(*row)

    def known(self, code: str) -> bool:
        return bool(self._file.execute("SELECT 1 FROM region WHERE code = ?", (code,)).fetchone())

    def all(self) -> tuple[Region, ...]:
        """Every region: each country by its code, followed by its subdivisions."""
        return tuple(Region(*row) for row in self._file.execute(f"{_COLUMNS} ORDER BY code").fetchall())

    def search(self, text: str, limit: int = 20) -> tuple[Region, ...]:
        """Regions of the code `text`, or with a name that begins with it or has it as whole words; countries and short
        names first. "Paris" is not in "Sandys Parish"."""
        wanted = text.strip()
        if not wanted:
            return ()
        found = f"""{_COLUMNS} WHERE code = :code OR instr(name_zh, :zh)
            OR substr(plain, 1, length(:plain)) = :plain
            OR instr(' ' || replace(plain, '-', ' ') || ' ', ' ' || replace(:plain, '-', ' ') || ' ')
            ORDER BY code = :code DESC, level, length(name_en), code LIMIT :limit"""
        values = {"code": wanted.upper(), "plain": plain(wanted), "zh": wanted, "limit": limit}
        return tuple(Region(*row) for row in self._file.execute(found, values).fetchall())

    def shape(self, code: str) -> BaseGeometry:
        """The region's polygons in (lon, lat), cut at the antimeridian. Raises UnknownRegion."""
        return self._cached(code)

    def above(self, code: str) -> tuple[str, ...]:
        """The regions around a region, the smallest first: of `SE-O-HARBOUR` `SE-O` and `SE`."""
        parts = code.split("-")
        return tuple("-".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))

    def boxes(self) -> list[tuple[str, float, float, float, float]]:
        """Code, west, south, east and north of every part of the smallest regions, and of the operator's own."""
        files = ("main", "own") if self._own else ("main",)
        return [row for file in files for row in self._file.execute(f"SELECT * FROM {file}.box")]  # noqa: S608

    def is_world(self, code: str) -> bool:
        """Whether it is one of the regions that we ship."""
        return bool(self._file.execute("SELECT 1 FROM main.region WHERE code = ?", (code,)).fetchone())

    def at(self, lat: float, lon: float) -> tuple[str, ...]:
        """The codes of the regions around a point, smallest first: ("FR-IDF", "FR"); () far out at sea.

        Coasts are simplified, so a point in no region belongs to the nearest one within 10 km.
        """
        code = self._around(lat, lon) or self._nearest(lat, lon)
        if code is None:
            return ()
        parent = self.get(code).parent
        return (code, parent) if parent else (code,)

    def first(self, lat: float, lon: float) -> str | None:
        """The smallest region around a point, None far out at sea."""
        return next(iter(self.at(lat, lon)), None)

    def touching(self, west: float, south: float, east: float, north: float) -> tuple[str, ...]:
        """Codes of the smallest regions whose boxes meet this one, which lies within -180 to 180."""
        middle = (south + north) / 2, (west + east) / 2
        return tuple(self._candidates(*middle, (north - south) / 2, (east - west) / 2))

    def _around(self, lat: float, lon: float) -> str | None:
        codes = self._candidates(lat, lon, 0, 0)
        return next((code for code in codes if shapely.intersects_xy(self.shape(code), lon, lat)), None)

    def _nearest(self, lat: float, lon: float) -> str | None:
        """The nearest region within NEAR_KM, measured on a flat map of the point's surroundings."""
        shrink = max(math.cos(math.radians(lat)), 0.01)
        high, wide = NEAR_KM / _DEGREE_KM, min(180.0, NEAR_KM / _DEGREE_KM / shrink)
        best, nearest = high, None
        for turned in (lon, lon - 360, lon + 360):
            for code in self._candidates(lat, turned, high, wide):
                away = _degrees_away(self.shape(code), lat, turned, high, wide)
                if away < best:
                    best, nearest = away, code
        return nearest

    def _candidates(self, lat: float, lon: float, high: float, wide: float) -> list[str]:
        """Codes of the smallest regions within `high` and `wide` degrees, small boxes first."""
        rows = self._file.execute(
            """SELECT DISTINCT code FROM box WHERE west <= ? AND east >= ? AND south <= ? AND north >= ?
            ORDER BY length(code) = 2, (east - west) * (north - south), code""",
            (lon + wide, lon - wide, lat + high, lat - high),
        )
        return [code for (code,) in rows.fetchall()]

    def _load(self, code: str) -> BaseGeometry:
        row = self._file.execute("SELECT wkb FROM shape WHERE code = ?", (code,)).fetchone()
        if row is None:
            raise UnknownRegion(f"There is no region {code!r}.")
        return shapely.from_wkb(lzma.decompress(row[0]))


def _degrees_away(shape: BaseGeometry, lat: float, lon: float, high: float, wide: float) -> float:
    """Distance to what of `shape` lies about a point, in degrees of latitude; infinite if nothing does."""
    near = shapely.clip_by_rect(shape, lon - wide, lat - high, lon + wide, lat + high)
    if near.is_empty:
        return math.inf
    flat = shapely.transform(near, lambda at: (at - (lon, lat)) * (high / wide, 1.0))
    return float(flat.distance(shapely.Point(0, 0)))
