"""Regions of an operator's own: taken from GeoJSON or refused with the reason, then usable in feeds and alerts."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import shapely
from alertsroom import AlertsRoom
from click.testing import CliRunner
from lxml import etree
from shapely.geometry import Point, mapping

from services import own_regions
from services.cli import main
from shared.config import Settings
from shared.errors import HomewardError
from shared.regions import OWN, Regions

WORLD = Regions()
HARBOUR = [[11.8, 57.6], [12.0, 57.6], [12.0, 57.8], [11.8, 57.8], [11.8, 57.6]]


def collection(*features: tuple[str, Any], **more: str) -> bytes:
    made = [
        {"type": "Feature", "properties": {"code": code, "name_en": f"Place {code}"} | more, "geometry": geometry}
        for code, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def ring(corners: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [corners]}


def test_an_imported_region_is_found_has_a_feed_and_an_alert_may_name_it(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "own.geojson"
    file.write_bytes(
        collection(("SE-O-HARBOUR", ring(HARBOUR)), ("XX-SOUND", ring([[12, 55], [13, 55], [13, 56], [12, 55]])))
    )
    done = CliRunner().invoke(main, ["regions", "import", str(file)], env=settings.environment())
    assert done.exit_code == 0, done.output
    assert (
        "SE-O-HARBOUR" in CliRunner().invoke(main, ["regions", "find", "place se"], env=settings.environment()).output
    )
    room = AlertsRoom(settings)
    room.approve("named", regions=("SE-O-HARBOUR",), lat=-40.0, lon=100.0, photos=())
    room.approve("reaches", regions=("NO",), lat=57.7, lon=11.9, radius_km=1.0, photos=())
    room.approve("around", regions=("SE",), lat=-40.0, lon=100.0, photos=())
    room.approve("sound", regions=("XX-SOUND",), lat=-40.0, lon=100.0, photos=())

    def feed(path: str) -> set[str]:
        return {feature["id"] for feature in json.loads(room.door.get(path).data)["features"]}

    assert feed("/v1/regions/SE-O-HARBOUR/alerts.geojson") == {"named", "reaches", "around"}
    assert feed("/v1/regions/SE-O/alerts.geojson") == {"named", "reaches", "around"}
    assert feed("/v1/regions/XX-SOUND/alerts.geojson") == {"sound"}
    assert feed("/v1/alerts.geojson?point=57.7,11.9") == {"named", "reaches", "around"}
    assert feed("/v1/alerts.geojson?point=55.2,12.9") == {"sound"}
    assert room.tools.regions.at(57.7, 11.9) == ("SE-O", "SE")
    codes = etree.fromstring(room.messages("named")[0].document).iterfind(".//{*}geocode/{*}valueName")
    assert {code.text for code in codes} == {"Homeward region"}


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        (ring([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]), "not sound"), (ring([[0, 0], [1, 1]]), "Feature 1"),
        (ring([[0, 0], [1, 1], [2, 2], [0, 0]]), "not sound|no area"),
        (ring([[0, 91], [1, 91], [1, 92], [0, 91]]), "degrees"),
        (ring([[0, math.nan], [1, 1], [1, 0], [0, 0]]), "Feature 1"),
        ({"type": "Point", "coordinates": [1, 2]}, "Point"),
        (None, "Feature 1"), (ring("abc"), "Feature 1"), ({"type": "Polygon", "coordinates": []}, "no area"),
    ],
)  # fmt: skip
def test_a_shape_that_makes_no_sense_is_refused_with_the_reason(geometry: Any, why: str) -> None:
    with pytest.raises(HomewardError, match=why):
        own_regions.read(collection(("SE-O-A", geometry)), WORLD)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{", "FeatureCollection"), (b"[" * 100_000, "FeatureCollection"), (b" " * 10_000_001, "10 MB"),
        (collection(), "no feature"), (collection(("SE-O", ring(HARBOUR))), "stays as it is"),
        (collection(("SE-QQ-A", ring(HARBOUR))), "SE-QQ"), (collection(("harbour", ring(HARBOUR))), "no code"),
        (collection(("SE-O-A", ring(HARBOUR)), ("SE-O-A", ring(HARBOUR))), "twice"),
        (collection(("SE-O-A", ring(HARBOUR)), name_en=""), "no name"),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_refused_with_the_reason(text: bytes, why: str) -> None:
    with pytest.raises(HomewardError, match=why):
        own_regions.read(text, WORLD)


def test_a_ring_that_can_be_repaired_without_guessing_is_repaired() -> None:
    touching = [[0, 0], [4, 0], [4, 4], [2, 4], [3, 2], [1, 2], [2, 4], [0, 4], [0, 0]]
    (hollow,) = own_regions.read(collection(("SE-O-A", ring(touching))), WORLD)
    assert hollow.shape.is_valid
    assert hollow.shape.area == pytest.approx(14)
    (plain,) = own_regions.read(collection(("SE-O-A", ring(HARBOUR[::-1]))), WORLD)
    assert plain.shape.equals(shapely.Polygon(HARBOUR))
    over = [[179, -17], [181, -17], [181, -16], [179, -16], [179, -17]]
    (cut,) = own_regions.read(collection(("FJ-A", ring(over))), WORLD)
    assert cut.shape.bounds == (-180, -17, 180, -16)
    assert cut.shape.area == pytest.approx(2)


def test_a_part_may_lie_in_another_one_of_the_same_file() -> None:
    outer, inner = own_regions.read(collection(("SE-O-A", ring(HARBOUR)), ("SE-O-A-B", ring(HARBOUR))), WORLD)
    assert (outer.parent, inner.parent) == ("SE-O", "SE-O-A")
    assert WORLD.above("SE-O-A-B") == ("SE-O-A", "SE-O", "SE")


def test_a_shape_of_many_corners_is_made_simpler_without_losing_any_of_it(tmp_path: Path) -> None:
    jagged = (
        Point(12, 57)
        .buffer(1, quad_segs=2000)
        .union(shapely.MultiPoint([(12 + n / 50, 58) for n in range(40)]).buffer(0.02))
    )
    with_hole = jagged.difference(Point(12, 57).buffer(0.1, quad_segs=300))
    (region,) = own_regions.read(collection(("SE-O-A", mapping(with_hole))), WORLD)
    assert shapely.get_num_coordinates(region.shape) <= own_regions.MOST_POINTS
    assert region.shape.covers(jagged)
    assert region.shape.area < jagged.area * 1.1
    own_regions.save(tmp_path / OWN, [region])
    own_regions.save(tmp_path / OWN, [region])
    assert [each.code for each in Regions(own=tmp_path / OWN).search("SE-O-A")] == ["SE-O-A"]
