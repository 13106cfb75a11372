"""The live alerts in memory: what is chosen is what every alert, asked one by one, would say; and it is never stale."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import shapely
from alertsroom import AlertsRoom
from builders import NOW, an_alert_content
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from werkzeug.test import TestResponse

from services.alerts.boxes import Box
from services.alerts.live.answering import choose
from services.alerts.live.answers import Answers
from services.alerts.live.borders import Borders
from services.alerts.live.columns import columns_of
from services.alerts.live.groups import Groups
from services.alerts.live.snapshot import Live
from services.alerts.schemas import Near, Query
from services.alerts.store import Head, Latest, Published
from services.alerts.views.answers import version
from shared.config import Settings
from shared.geo import circle, distance_km, polygon, within
from shared.messages import AlertContent
from shared.regions import Regions

REGIONS = Regions()
CODES = [region.code for region in REGIONS.all()]
ATOM = ("/v1/alerts.atom", "", None, None)
CHANCE = random.Random(6)


def an_alert(number: int) -> Published:
    lat, lon = CHANCE.choice(
        [(57.7, 11.9), (-17, 179.9), (89.5, 0), (0, -179.9), (48, 2), (CHANCE.uniform(-90, 90), 7)]
    )
    lat, lon = max(-90.0, min(90.0, lat + CHANCE.gauss(0, 2))), (lon + CHANCE.gauss(0, 2) + 180) % 360 - 180
    ring = ((lat, lon), (lat, lon + 1), (lat + 1, lon + 1)) if CHANCE.random() < 0.3 and abs(lat) < 80 else ()
    content = an_alert_content(
        lat=lat, lon=lon, radius_km=CHANCE.choice([1.0, 30.0, 300.0, 3000.0]), polygon=ring if abs(lon) < 178 else (),
        regions=tuple(CHANCE.sample(CODES, CHANCE.choice([1, 2]))),
    )  # fmt: skip
    sent = NOW + timedelta(seconds=number // 3)
    return Published(
        Head(f"a{number}", "Actual", sent, content.expires), "live", sent, Latest("x", "Alert", sent), content, ()
    )


def concerns(content: AlertContent, shape: BaseGeometry, km_away: Callable[[], float] | None) -> bool:
    """Whether the alert's area or one of its regions meets a shape; of a circle, by its distance."""
    own = polygon(content.polygon) if content.polygon else None
    if own is None and km_away is not None and km_away() <= content.radius_km:
        return True
    own = own or (circle(content.lat, content.lon, content.radius_km, 720) if km_away is None else None)
    if own is not None and shapely.intersects(own, shape):
        return True
    return km_away is not None and any(shapely.intersects(REGIONS.shape(code), shape) for code in content.regions)


def told(item: Published, query: Query) -> bool:
    content = item.content
    assert content is not None
    if query.near:
        near = query.near
        around = circle(near.lat, near.lon, near.km, 720) if near.km else Point(near.lon, near.lat)
        return concerns(content, around, lambda: distance_km(near.lat, near.lon, content.lat, content.lon) - near.km)
    if query.bbox:
        box = query.bbox
        return concerns(content, box.shape(), lambda: float(box.km_to(*map(float, (content.lat, content.lon)))))  # type: ignore[arg-type]
    (code,) = query.regions
    named = any(within(own, code) or within(code, own) for own in content.regions)
    return named or concerns(content, REGIONS.shape(code), None)


def a_query(number: int) -> Query:
    if number % 3 == 0:
        lat, lon = CHANCE.choice(
            [(57.0, 12.0), (-17.0, -179.8), (89.0, 100.0), (-90.0, 0.0), (CHANCE.uniform(-90, 90), 8.0)]
        )
        return Query(near=Near(lat, lon, CHANCE.choice([0, 0.5, 50, 500, 5000, 20000])))
    if number % 3 == 1:
        west, south = CHANCE.uniform(-180, 180), CHANCE.uniform(-90, 80)
        return Query(bbox=Box(west, south, (west + CHANCE.uniform(0, 90) + 180) % 360 - 180, min(90.0, south + 20)))
    return Query(regions=(CHANCE.choice([*CODES, "SE", "FJ", "US", "RU", "SE-O"]),))


def test_the_whole_at_once_says_what_each_alert_would_say_alone() -> None:
    items = [an_alert(number) for number in range(120)]
    groups = Groups(Borders(REGIONS))
    columns = columns_of(items[:90], groups.of)
    for item in items[90:]:
        columns = columns.with_one(item, groups.of)
    for number in range(45):
        query = replace(a_query(number), limit=20)
        wanted = [item.alert.id for item in columns.items[::-1] if told(item, query)]
        chosen = choose(columns, groups, query)
        assert [item.alert.id for item in chosen.items] == wanted[:20], query
        assert (chosen.next is not None) is (len(wanted) > 20)


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def ids(room: AlertsRoom, path: str = "/v1/alerts.geojson") -> list[str]:
    return [feature["id"] for feature in json.loads(room.door.get(path).data)["features"]]


def test_an_ended_alert_leaves_at_once_from_an_answer_that_was_kept(room: AlertsRoom) -> None:
    for id_ in ("a1", "a2", "a3"):
        room.approve(id_, photos=(), expires=NOW + timedelta(hours=2 if id_ == "a3" else 24))
    for path in ("/v1/alerts.geojson", "/v1/regions/SE-O/alerts.geojson", "/v1/alerts.geojson?point=57.7,11.95"):
        assert ids(room, path) == ids(room, path) == ["a3", "a2", "a1"]
    room.cancel("a2")
    assert ids(room) == ids(room, "/v1/regions/SE-O/alerts.geojson") == ["a3", "a1"]
    assert ids(room, "/v1/alerts.geojson?point=57.7,11.95") == ["a3", "a1"]
    room.later(hours=2, seconds=-1)
    assert ids(room) == ["a3", "a1"]
    room.later(seconds=1)
    assert ids(room) == ["a1"]


def test_a_change_by_another_process_is_seen_by_the_next_question(room: AlertsRoom) -> None:
    other = Live(room.tools.room, room.tools.borders)
    with room.app.app_context():
        assert other.now().items == {}
        room.approve("a1", photos=())
        assert list(other.now().items) == ["a1"]
        before = other.now()
        room.amend(2, "a1", photos=(), radius_km=77.0, expires=NOW + timedelta(days=3))
        assert [item.content.radius_km for item in other.now().items.values() if item.content] == [77.0]
        assert [item.content.radius_km for item in before.items.values() if item.content] == [30.0]
        room.later(days=2)  # the end of the first version is not the end
        assert list(other.now().items) == ["a1"]
        assert other.now() is other.now()


def test_on_postgresql_too(settings: Settings, postgres: Callable[[], str]) -> None:
    room = AlertsRoom(replace(settings, alerts_database_url=postgres()))
    room.approve("a1", photos=())
    assert ids(room) == ["a1"]
    room.approve("a2", photos=())
    room.cancel("a1")
    assert ids(room) == ["a2"]
    room.later(days=1)
    assert ids(room) == []


def test_answers_of_an_older_version_are_forgotten_and_none_are_kept_beyond_the_room_for_them() -> None:
    answers: Answers[str] = Answers(most=100)
    answers.keep((1,), "a", "old", 10)
    answers.keep((2,), "b", "new", 60)
    assert answers.get((2,), "a") is answers.get((1,), "a") is None
    assert (answers.get((3,), "b"), len(answers.kept)) == (None, 0)
    answers.keep((3,), "b", "new", 60)
    answers.keep((1,), "a", "late", 10)
    assert (answers.get((1,), "a"), answers.get((3,), "b")) == (None, "new")
    answers.keep((3,), "c", "more", 60)
    assert (answers.get((3,), "b"), answers.get((3,), "c")) == (None, "more")


def told_in(answer: TestResponse) -> list[tuple[str, str]]:
    """The headers, without the date, which the server in front says."""
    return sorted(pair for pair in answer.headers if pair[0] != "Date")


def test_what_is_answered_again_is_what_the_view_would_answer(room: AlertsRoom) -> None:
    room.approve("a1", photos=())
    for path in ("/v1/alerts", "/v1/regions/SE-O/alerts.atom", "/v1/alerts.json?point=57.7,11.95&radius_km=9"):
        first, again, view_only = room.door.get(path), room.door.get(path), {"Range": "none=0"}
        assert (again.data, told_in(again)) == (first.data, told_in(first))
        has = {"If-None-Match": first.headers["ETag"]}
        kept, view = room.door.get(path, headers=has), room.door.get(path, headers=has | view_only)
        assert (kept.status_code, kept.data, told_in(kept)) == (304, b"", told_in(view))
        head, view = room.door.head(path), room.door.head(path, headers=view_only)
        assert (head.data, told_in(head)) == (b"", told_in(view))
        assert room.door.get(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'}).status_code == 304
        assert room.door.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    asks = {"If-None-Match": room.door.get("/v1/alerts.atom", headers={"Range": "none=0"}).headers["ETag"]}
    assert [room.door.get("/v1/alerts.atom", headers=asks).status_code for _ in range(3)] == [304] * 3
    assert room.door.application.wsgi_app.answers.get(version(room.tools), ATOM) is not None
    assert room.door.get("/v1/alerts", headers={"Accept": "application/atom+xml"}).mimetype == "application/atom+xml"
    assert room.door.get("/v1/alerts", headers={"Accept": "image/png"}).status_code == 406
