"""What a feed may be asked for: places exact on the sphere, absurd questions refused by name, never a 5xx."""

import json

import pytest
from alertsroom import AlertsRoom, features

from shared.config import Settings
from shared.geo import distance_km

LAT, LON, KM = 57.7, 11.95, 30.0
NORTH_KM = 111.19508


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("bbox=nan,0,1,1", "bbox"), ("bbox=inf,0,1,1", "bbox"), ("bbox=1,2,3,1", "bbox"), ("bbox=1_0,5,11,6", "bbox"),
        ("bbox=-181,0,1,1", "bbox"), ("bbox=", "bbox"), ("point=1,2,3", "point"), ("point=0,181", "point"),
        ("point=1,1&radius_km=nan", "radius_km"), ("point=1,1&radius_km=1e999", "radius_km"),
        ("point=1,1&radius_km=20001", "radius_km"), ("limit=99999999999999999999", "limit"), ("limit=%C2%B2", "limit"),
        ("limit=%D9%A3", "limit"), ("cursor=", "cursor"), ("cursor=YWJj", "cursor"), ("cursor=%FF", "cursor"),
        ("region=", "region"), ("region=%00", "region"), ("region=SE-O&region=XX", "region"), ("lang=xx", "lang"),
        ("status=actual&status=exercise", "status"), ("since=", "since"), ("bbox=1,1,2,2&bbox=3,3,4,4", "bbox"),
        ("&".join(f"region={code}" for code in [f"R{number}" for number in range(60)]), "region"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/alerts", "/v1/alerts.atom"])
def test_an_absurd_question_is_refused_and_its_parameter_named(
    room: AlertsRoom, path: str, query: str, parameter: str
) -> None:
    answer = room.door.get(f"{path}?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), answer.text
    assert [error["parameter"] for error in json.loads(answer.data)["errors"]] == [parameter]


@pytest.mark.parametrize("query", ["cursor=%C2%B2", "cursor=-1", "cursor=", "cursor=1&cursor=2", "cursor=" + "9" * 30])
def test_a_bad_cursor_of_the_changes_is_named(room: AlertsRoom, query: str) -> None:
    answer = room.door.get(f"/v1/changes?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert [error["parameter"] for error in json.loads(answer.data)["errors"]] == ["cursor"]


def test_a_regional_feed_takes_no_other_region(room: AlertsRoom) -> None:
    assert room.door.get("/v1/regions/SE-O/alerts.json?region=NO").status_code == 400


def test_a_regional_feed_has_one_address_however_its_code_is_written(room: AlertsRoom) -> None:
    feeds = [json.loads(room.door.get(f"/v1/regions/{code}/alerts.json").data) for code in ("se-o", "SE-O")]
    assert {feed["feed_url"].rsplit("/", 2)[1] for feed in feeds} == {"SE-O"}


def test_a_region_asked_for_twice_counts_once(room: AlertsRoom) -> None:
    room.approve()
    assert features(room, "region=SE-O&region=se-o&region=NO") == ["a1"]
    assert json.loads(room.door.get("/v1/alerts.json?region=SE-O&region=se-o").data)["title"].count("Götaland") == 1


@pytest.mark.parametrize("beyond", [-0.01, 0.01])
def test_a_box_and_a_point_meet_the_circle_to_ten_metres(room: AlertsRoom, beyond: float) -> None:
    # The circle lies at sea west of Africa, and its one region is far away: only the circle can be met.
    room.approve(lat=10.0, lon=-40.0, radius_km=KM, regions=("NZ",))
    edge = 10.0 + (KM + beyond) / NORTH_KM
    wanted = ["a1"] if beyond < 0 else []
    assert features(room, f"bbox=-41,{edge},-39,20") == wanted
    assert features(room, f"point={edge},-40") == wanted
    assert features(room, f"point={10.0 + (KM + 7 + beyond) / NORTH_KM},-40&radius_km=7") == wanted
    assert features(room, f"bbox=-40,{edge},-40,{edge}") == wanted


def test_a_corner_of_a_box_is_measured_along_the_globe(room: AlertsRoom) -> None:
    room.approve(lat=75.0, lon=-40.0, radius_km=300.0, regions=("NZ",))
    for lat, lon in ((77.0, -35.0), (77.0, -32.0), (76.5, -29.5), (73.0, -34.0)):
        north, south = (89.0, lat) if lat > 75 else (lat, 60.0)
        met = distance_km(75.0, -40.0, lat, lon) <= 300
        assert (features(room, f"bbox={lon},{south},{lon},{north}") == ["a1"]) is met, (lat, lon)


def test_poles_and_antimeridian_are_places_like_others(room: AlertsRoom) -> None:
    room.approve("pole", lat=89.5, lon=0.0, radius_km=100.0, regions=("NZ",), photos=())
    room.approve("line", lat=0.0, lon=180.0, radius_km=50.0, regions=("NZ",), photos=())
    assert features(room, "point=90,77") == ["pole"]
    assert features(room, "bbox=100,89.9,110,90") == ["pole"]
    assert features(room, "bbox=-180,89.9,-170,90") == ["pole"]
    assert features(room, "bbox=-180,-1,-179.9,1") == features(room, "bbox=179.9,-1,180,1") == ["line"]
    assert features(room, "bbox=180,-1,-180,1") == features(room, "point=0,-180") == ["line"]
    assert features(room, "bbox=170,-1,179,1") == []
    assert features(room, "bbox=-180,-90,180,90") == features(room, "point=-90,0&radius_km=20000") == ["pole", "line"]


def test_a_circle_that_only_just_reaches_over_a_border_counts_there(room: AlertsRoom) -> None:
    shape = room.tools.regions.shape("US-WY")  # Wyoming's southern border is the 41st parallel
    south = shape.bounds[1]
    for number, (km, reaches) in enumerate(((20.0, True), (19.9, False))):
        room.approve(f"a{number}", lat=south - 19.95 / NORTH_KM, lon=-107.0, radius_km=km, regions=("NZ",), photos=())
        assert (f"a{number}" in features(room, "region=US-WY")) is reaches
