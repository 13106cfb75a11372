"""What holds for every feed, whatever its format: caching, filters, errors, reach, and which alerts are in it."""

import json
import re

import pytest
from alertsroom import AlertsRoom, features

from shared.config import Settings
from shared.messages import AlertText

FEEDS = ("geojson", "json", "atom")


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def local(address: str) -> str:
    return "/" + address.split("/", 3)[3]


@pytest.mark.parametrize("suffix", FEEDS)
def test_updated_moves_with_every_version_and_with_the_cancellation(room: AlertsRoom, suffix: str) -> None:
    seen = []
    for act in (room.approve, lambda: room.amend(2), room.cancel):
        act()
        seen.append(room.door.get(f"/v1/alerts.{suffix}").headers["Last-Modified"])
        room.later(minutes=5)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("suffix", FEEDS)
@pytest.mark.parametrize("base", ["/v1/alerts", "/v1/regions/SE-O/alerts", "/v1/regions/SE/alerts"])
def test_every_feed_can_be_cached_validated_and_read_from_any_site(room: AlertsRoom, base: str, suffix: str) -> None:
    room.approve()
    answer = room.door.get(f"{base}.{suffix}")
    assert b"a1" in answer.data
    etag = answer.headers["ETag"]
    assert etag.startswith('"')
    assert "Last-Modified" in answer.headers
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = room.door.get(f"{base}.{suffix}", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    head = room.door.head(f"{base}.{suffix}")
    assert (head.headers["ETag"], head.data) == (etag, b"")


@pytest.mark.parametrize("suffix", FEEDS)
def test_an_alert_is_in_its_own_region_and_in_no_other(room: AlertsRoom, suffix: str) -> None:
    room.approve()
    for code, inside in (("SE-O", True), ("SE", True), ("SE-N", True), ("SE-AB", False), ("NO", False)):
        assert (b"a1" in room.door.get(f"/v1/regions/{code}/alerts.{suffix}").data) is inside, code


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("region=SE-O", True), ("region=se-o&region=NO", True), ("region=NO", False),
        ("point=57.7,11.95", True), ("point=59.33,18.06", False), ("point=59.33,18.06&radius_km=500", True),
        ("bbox=11,57,12,58", True), ("bbox=17,59,19,60", False),
        ("since=2026-11-24T08:00:00Z", True), ("since=2026-11-24T10:00:00%2B00:00", False),
        ("region=SE-O&bbox=17,59,19,60", False),
    ],
)  # fmt: skip
def test_filters_all_hold_together(room: AlertsRoom, query: str, found: bool) -> None:
    room.approve()
    assert (features(room, query) == ["a1"]) is found


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("region=XX", "region"), ("bbox=1,2,3", "bbox"), ("bbox=1,99,3,4", "bbox"), ("point=91,0", "point"),
        ("point=nan,0", "point"), ("radius_km=5", "radius_km"), ("point=1,1&radius_km=-1", "radius_km"),
        ("since=yesterday", "since"), ("since=2026-11-24T09:00:00", "since"), ("status=all", "status"),
        ("limit=0", "limit"), ("limit=1000", "limit"), ("cursor=%25%25", "cursor"), ("colour=red", "colour"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(room: AlertsRoom, query: str, parameter: str) -> None:
    answer = room.door.get(f"/v1/alerts?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert [error["parameter"] for error in json.loads(answer.data)["errors"]] == [parameter]


def test_the_format_is_negotiated(room: AlertsRoom) -> None:
    wanted = {
        "application/geo+json": "application/geo+json", "application/feed+json": "application/feed+json",
        "application/atom+xml": "application/atom+xml", "*/*": "application/geo+json",
    }  # fmt: skip
    for accept, got in wanted.items():
        assert room.door.get("/v1/alerts", headers={"Accept": accept}).mimetype == got
    assert room.door.get("/v1/alerts", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", ["/v1/alerts/nobody", "/v1/alerts/nobody.cap", "/v1/regions/XX/alerts.atom"])
def test_what_is_not_there_is_a_problem(room: AlertsRoom, path: str) -> None:
    answer = room.door.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("suffix", FEEDS)
def test_a_page_is_at_most_900_kb_however_much_is_written(room: AlertsRoom, suffix: str) -> None:
    words = tuple(AlertText(code, "x", "长" * 4000, "长" * 2000, "x") for code in ("en", "zh"))  # type: ignore[arg-type]
    for number in range(60):
        room.approve(f"a{number}", photos=(), texts=words)
    seen, path = 0, f"/v1/alerts.{suffix}"
    while path:
        answer = room.door.get(path)
        assert len(answer.data) <= 900_000
        seen += (
            answer.text.count("urn:homeward:alert:") if suffix != "geojson" else answer.text.count('"type":"Feature"')
        )
        following = re.search('<([^>]*)>; rel="next"', ",".join(answer.headers.getlist("Link")))
        path = local(following[1]) if following else ""
    assert seen == 60


@pytest.mark.parametrize(
    "path", ["/v1/alerts.geojson", "/v1/alerts.json", "/v1/alerts.atom", "/v1/changes", "/v1/regions"]
)
def test_an_address_says_the_same_to_everyone(room: AlertsRoom, path: str) -> None:
    room.door.set_cookie("lang", "zh")
    answer = room.door.get(path, headers={"Accept-Language": "zh"})
    assert "失踪儿童" not in answer.text
    asked = room.door.get(f"{path}?lang=zh")
    assert "Set-Cookie" not in asked.headers
    assert ("失踪儿童" in asked.text) is path.startswith("/v1/alerts")


@pytest.mark.parametrize("suffix", FEEDS)
def test_who_asks_every_minute_gets_304_until_it_is_time_to_say_that_the_feed_lives(
    room: AlertsRoom, suffix: str
) -> None:
    room.approve()
    kept, statuses = "", []
    for _ in range(10):
        answer = room.door.get(f"/v1/alerts.{suffix}", headers={"If-None-Match": kept} if kept else {})
        kept = answer.headers["ETag"]
        statuses.append(answer.status_code)
        room.later(minutes=1)
    assert statuses == [200, 304, 304, 304, 304] * 2


def test_who_has_only_a_date_also_learns_of_every_change(room: AlertsRoom) -> None:
    room.approve("a1", photos=())
    since = {"If-Modified-Since": room.door.get("/v1/alerts.geojson").headers["Last-Modified"]}
    assert room.door.get("/v1/alerts.geojson", headers=since).status_code == 304
    room.approve("a2", photos=())  # within the same second, which a date cannot tell apart
    room.later(minutes=5)
    assert b"a2" in room.door.get("/v1/alerts.geojson", headers=since).data


def test_a_script_of_any_site_may_read_errors_and_ask_with_an_etag_but_nothing_else(room: AlertsRoom) -> None:
    for path in ("/v1/alerts/nobody", "/v1/alerts?bbox=1", "/v1/regions/XX/alerts.atom"):
        assert room.door.get(path).headers["Access-Control-Allow-Origin"] == "*"
    asked = room.door.options("/v1/alerts", headers={"Origin": "https://news.example"})
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Origin" not in room.door.post("/v1/alerts").headers
    assert "Access-Control-Allow-Origin" not in room.door.get("/").headers


@pytest.mark.parametrize("suffix", FEEDS)
def test_exercises_and_tests_are_in_no_feed_that_does_not_ask_for_them(room: AlertsRoom, suffix: str) -> None:
    for status in ("Actual", "Exercise", "Test"):
        room.approve(f"one-{status}", status=status, photos=())
    for status in ("actual", "exercise", "test"):
        feed = room.door.get(f"/v1/alerts.{suffix}?status={status}").text
        assert {other for other in ("Actual", "Exercise", "Test") if f"one-{other}" in feed} == {status.title()}
    assert "one-Exercise" not in room.door.get(f"/v1/alerts.{suffix}").text
    assert "one-Exercise" not in room.door.get("/v1/changes").text


def test_an_empty_feed_says_when_it_was_checked_and_what_is_asked_of_its_readers(room: AlertsRoom) -> None:
    feed = json.loads(room.door.get("/v1/alerts.geojson").data)
    assert feed["checked"]
    assert "within 15 minutes" in feed["terms"]
    assert b"checked" in room.door.get("/v1/alerts.atom").data
    assert json.loads(room.door.get("/v1/alerts.json").data)["_homeward"]["checked"]


def test_a_polygon_is_the_area_in_every_format_and_filter(room: AlertsRoom) -> None:
    room.approve(polygon=((57.6, 11.8), (57.6, 12.1), (57.8, 12.1)), regions=("SE-O",))
    told = json.loads(room.door.get("/v1/alerts/a1").data)
    assert told["geometry"]["type"] == "Polygon" and told["properties"]["radius_km"] is None
    assert told["bbox"] == [11.8, 57.6, 12.1, 57.8]
    atom = room.door.get("/v1/alerts.atom").get_data(as_text=True)
    assert "<georss:polygon>57.600000 11.800000 57.600000 12.100000 57.800000 12.100000 57.600000 11.800000<" in atom
    assert "georss:circle" not in atom
    assert features(room, "region=SE-O") == features(room, "bbox=12.0,57.6,12.2,57.7") == ["a1"]
    assert features(room, "point=57.6,11.9&radius_km=1") == ["a1"]
    assert "alert-map" in room.door.get("/alerts/a1").get_data(as_text=True)
