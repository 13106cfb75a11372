"""GeoJSON (RFC 7946): winding, boxes, the antimeridian, and all that the contract names, by shapely."""

import json

import pytest
from alertsroom import AlertsRoom, features
from builders import CHILD
from shapely.geometry import shape

from shared.config import Settings


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def test_a_feature_holds_all_that_the_contract_names(room: AlertsRoom) -> None:
    room.approve()
    feature = json.loads(room.door.get("/v1/alerts/a1").data)
    told = feature["properties"]
    wanted = {
        "id", "identifier", "status", "state", "msg_type", "headline", "description", "instruction", "contact",
        "language", "translations", "child", "last_seen", "sent", "updated", "effective", "expires", "regions",
        "photos", "links",
    }  # fmt: skip
    assert wanted <= told.keys()
    assert told["child"] == {"name": CHILD, "age_when_last_seen": 9, "sex": "female"}
    assert set(told["translations"]) == {"en", "zh"}
    assert {"cap", "page", "self"} <= told["links"].keys()
    assert {"width", "height", "size", "alt", "credit"} <= told["photos"][0].keys()


def test_geometry_is_wound_and_boxed_as_rfc_7946_says(room: AlertsRoom) -> None:
    room.approve()
    feature = json.loads(room.door.get("/v1/alerts/a1").data)
    polygon = shape(feature["geometry"])
    assert polygon.is_valid
    assert polygon.exterior.is_ccw
    assert list(polygon.bounds) == feature["bbox"]
    assert polygon.exterior.coords[0] == polygon.exterior.coords[-1]


def test_an_area_over_the_antimeridian_is_cut_there(room: AlertsRoom) -> None:
    room.approve(lat=-17.0, lon=179.9, radius_km=100.0, regions=("FJ",))
    feature = json.loads(room.door.get("/v1/alerts/a1").data)
    assert feature["geometry"]["type"] == "MultiPolygon"
    west, _, east, _ = feature["bbox"]
    assert west > east
    assert features(room, "bbox=179.5,-18,-179.5,-16") == ["a1"]
    assert features(room, "point=-17,-179.9&radius_km=1") == ["a1"]
    assert features(room, "bbox=0,-18,10,-16") == []
