"""Regions of an operator's own, taken from GeoJSON into one file of the state folder, which every room reads.

A region's code says what it is a part of: `SE-O-HARBOUR` lies in `SE-O`. One that lies in no region alone begins with a
code that ISO leaves to its users, for example `XX-ORESUND`.
"""

import json
import lzma
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from shared.errors import HomewardError
from shared.geo import cut
from shared.regions import Regions, plain

MOST_BYTES = 10_000_000
MOST_POINTS = 250
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,16}){1,4}")
NOBODYS = re.compile(r"(X[A-Z]|Q[M-Z]|AA|ZZ)-")
"""What ISO 3166-1 leaves to its users. Kosovo's XK is among the world's regions."""
TABLES = """
CREATE TABLE IF NOT EXISTS region (code TEXT PRIMARY KEY, name_en TEXT NOT NULL, name_zh TEXT NOT NULL,
    plain TEXT NOT NULL, parent TEXT, level INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS box (code TEXT NOT NULL, west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL,
    north REAL NOT NULL);
CREATE TABLE IF NOT EXISTS shape (code TEXT PRIMARY KEY, wkb BLOB NOT NULL);
"""


@dataclass(frozen=True)
class OwnRegion:
    """A region to be taken in. `shape` is in (lon, lat), cut at the antimeridian, of at most MOST_POINTS corners."""

    code: str
    name_en: str
    name_zh: str
    parent: str | None
    shape: BaseGeometry


def read(text: bytes, world: Regions) -> list[OwnRegion]:
    """The regions of a FeatureCollection. Raises HomewardError, which says which feature is wrong, and how."""
    if len(text) > MOST_BYTES:
        raise HomewardError(f"The file is larger than {MOST_BYTES // 1_000_000} MB; split or simplify it.")
    try:
        features = json.loads(text)["features"]
        given = [(feature["properties"], feature["geometry"]) for feature in features]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        say = "This is no GeoJSON FeatureCollection whose features have properties and a geometry."
        raise HomewardError(say) from error
    if not given:
        raise HomewardError("There is no feature in this file.")
    found: list[OwnRegion] = []
    for number, (properties, geometry) in enumerate(given, 1):
        try:
            found.append(_one(properties, geometry, world, [each.code for each in found]))
        except (ValueError, TypeError, AttributeError, ShapelyError, HomewardError) as error:
            raise HomewardError(f"Feature {number}: {error}") from error
    return found


def _one(properties: dict[str, Any], geometry: dict[str, Any], world: Regions, before: Sequence[str]) -> OwnRegion:
    code, name = str(properties.get("code", "")), str(properties.get("name_en") or properties.get("name") or "")
    if not CODE.fullmatch(code):
        raise HomewardError(f"{code!r} is no code; it needs a property `code` such as SE-O-HARBOUR.")
    if code in before:
        raise HomewardError(f"{code} is in the file twice.")
    if world.is_world(code):
        raise HomewardError(f"{code} is a region of ISO 3166 and stays as it is; add a part, such as {code}-CITY.")
    if not name:
        raise HomewardError(f"{code} has no name; it needs a property `name_en`.")
    above = code.rpartition("-")[0]
    if above not in before and not world.known(above) and not NOBODYS.match(code):
        raise HomewardError(f"{code} lies in {above}, which is not known; import that first, or begin with XX-.")
    parent = above if above in before or world.known(above) else None
    return OwnRegion(code, name, str(properties.get("name_zh") or name), parent, small(whole(geometry)))


def whole(geometry: dict[str, Any]) -> BaseGeometry:
    """A sound shape: rings closed, wound and joined where that loses nothing. Raises HomewardError where a ring crosses
    itself, since nobody but its author knows which side is meant."""
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise HomewardError(f"a region is a Polygon or a MultiPolygon, not a {geometry.get('type')}.")
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    polygons = [_polygon(rings) for rings in parts]
    shape_ = shapely.unary_union(polygons)
    west, south, east, north = shape_.bounds if not shape_.is_empty else (0, 0, 0, 0)
    if shape_.is_empty or shape_.area == 0:
        raise HomewardError("it has no area.")
    if not (-360 <= west <= east <= 360 and -90 <= south <= north <= 90):
        raise HomewardError("its coordinates are longitude and latitude in degrees, in this order.")
    return cut(shape_)


def _polygon(rings: list[Any]) -> BaseGeometry:
    polygon = shape({"type": "Polygon", "coordinates": rings})
    if not bool(shapely.is_valid(polygon)):
        why = explain_validity(polygon)
        if not why.startswith(("Ring Self-intersection", "Hole lies outside", "Nested holes")):
            raise HomewardError(f"a ring is not sound ({why}); correct it and import the file again.")
        polygon = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
    return polygon


def small(shape_: BaseGeometry) -> BaseGeometry:
    """The shape with at most MOST_POINTS corners: nothing that was inside is lost, what is added is as little as can
    be. Holes are filled first."""
    grown, step = shape_, 1e-4
    while shapely.get_num_coordinates(grown) > MOST_POINTS:
        outside = shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(shape_.buffer(step))])
        grown = shapely.intersection(outside.simplify(step), shapely.box(-180, -90, 180, 90))
        step *= 1.5
    return grown


def save(path: Path, regions: Sequence[OwnRegion]) -> None:
    """Puts regions into the file at `path`; those of the same code are replaced."""
    with sqlite3.connect(path) as file:
        file.executescript(TABLES)
        for region in regions:
            for table in ("region", "box", "shape"):
                file.execute(f"DELETE FROM {table} WHERE code = ?", (region.code,))  # noqa: S608 - our own three words
            row = (region.code, region.name_en, region.name_zh, plain(region.name_en), region.parent, 2)
            file.execute("INSERT INTO region VALUES (?, ?, ?, ?, ?, ?)", row)
            boxes = [(region.code, *part.bounds) for part in shapely.get_parts(region.shape)]
            file.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", boxes)
            file.execute("INSERT INTO shape VALUES (?, ?)", (region.code, lzma.compress(shapely.to_wkb(region.shape))))
    file.close()
