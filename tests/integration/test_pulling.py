"""How the feeds are pulled: codings, validators, HEAD, keys, limits; and that what is kept is never out of date."""

import gzip
from collections.abc import Callable
from dataclasses import replace

import brotli
import pytest
from alertsroom import AlertsRoom
from werkzeug.test import TestResponse

from services.alerts.deliver import keys
from services.alerts.deliver.rate import Counter, asker
from services.alerts.views import asking
from shared.config import Settings

FEEDS = [f"/v1/regions/SE-O/alerts.{suffix}" for suffix in ("geojson", "json", "atom")]
FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def ask(room: AlertsRoom, path: str, method: str = "GET", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return room.door.open(path, method=method, headers=named)


def without_date(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Date"}


@pytest.mark.parametrize("path", [*FEEDS, "/v1/changes", "/v1/alerts/a1", "/v1/alerts/a1.cap", "/v1/openapi.json"])
def test_each_coding_has_the_same_text_and_a_strong_etag_of_its_own(room: AlertsRoom, path: str) -> None:
    room.approve(photos=())
    plain, gz, br = (ask(room, path, Accept_Encoding=coding) for coding in ("identity", "gzip", "br, gzip"))
    assert [each.headers.get("Content-Encoding") for each in (plain, gz, br)] == [None, "gzip", "br"]
    assert gzip.decompress(gz.data) == brotli.decompress(br.data) == plain.data
    tags = [each.headers["ETag"] for each in (plain, gz, br)]
    assert len(set(tags)) == 3 and all(tag.startswith('"') for tag in tags)
    assert all("Accept-Encoding" in each.headers["Vary"] for each in (plain, gz, br))
    for answer, tag in zip((plain, gz, br), tags, strict=True):
        for accepted in ("br", "gzip", "identity"):
            again = ask(room, path, Accept_Encoding=accepted, If_None_Match=tag)
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        head = ask(room, path, "HEAD", Accept_Encoding=answer.headers.get("Content-Encoding", "identity"))
        assert without_date(head) == without_date(answer) and head.data == b""
    assert "max-age" in plain.headers["Cache-Control"] and "public" in plain.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip;q=0", None),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("x", None),
    ],
)
def test_the_coding_is_one_that_the_asker_accepts(room: AlertsRoom, accepted: str, coding: str | None) -> None:
    assert ask(room, FEEDS[0], Accept_Encoding=accepted).headers.get("Content-Encoding") == coding


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_is_kept_is_never_out_of_date(
    settings: Settings, path: str, engine: str, postgres: Callable[[], str]
) -> None:
    room = AlertsRoom(replace(settings, alerts_database_url=postgres() if engine == "postgresql" else ""))
    seen = [room.door.get(path).data]
    for act in (
        lambda: room.approve("a1", photos=()), lambda: room.amend(2, "a1", photos=(), contact="Another"),
        lambda: room.approve("a2", photos=()), lambda: room.cancel("a1"), lambda: room.later(days=1),
        lambda: room.later(minutes=5),
    ):  # fmt: skip
        act()
        now = room.door.get(path)
        assert now.data not in seen
        assert room.door.get(path).data == now.data
        assert room.door.get(path, headers={"If-None-Match": now.headers["ETag"]}).status_code == 304
        seen.append(now.data)


def test_who_asks_too_often_is_told_when_to_come_again(room: AlertsRoom) -> None:
    room.door.application.extensions[asking.COUNTER] = Counter(lambda: 1234.5)
    room.door.application.extensions["homeward"] = replace(
        room.tools, room=replace(room.tools.room, settings=replace(room.tools.room.settings, feeds_rate=3))
    )
    left = [room.door.get(FEEDS[0], environ_overrides=FAR).headers["RateLimit"] for _ in range(3)]
    assert left == ['"default";r=2;t=26', '"default";r=1;t=26', '"default";r=0;t=26']
    late = room.door.get(FEEDS[0], environ_overrides=FAR)
    assert (late.status_code, late.headers["Retry-After"], late.content_type) == (429, "26", "application/problem+json")
    assert late.headers["Access-Control-Allow-Origin"] == "*" and "public" not in late.headers["Cache-Control"]
    assert late.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert room.door.get(FEEDS[0], environ_overrides={"REMOTE_ADDR": "203.0.113.10"}).status_code == 200
    assert room.door.get("/", environ_overrides=FAR).status_code == 200
    assert room.door.get(FEEDS[0]).status_code == 200  # this machine itself


def test_a_key_raises_the_limit_and_a_wrong_one_is_told_so(room: AlertsRoom) -> None:
    with room.app.app_context(), room.tools.room.bus.work() as work:
        key = keys.add(work.session, room.tools.regions, room.now, "News", ["read"], [], 5000)
    answer = ask(room, FEEDS[0], Authorization=f"Bearer {key}")
    assert answer.headers["RateLimit-Policy"] == '"default";q=5000;w=60'
    for wrong in ("Bearer hwk_nobody", "Bearer", "Basic Og==", "Bearer \xff"):
        refused = ask(room, FEEDS[0], Authorization=wrong)
        assert refused.status_code == 401 and "Bearer" in refused.headers["WWW-Authenticate"]


def test_an_answer_that_is_given_again_is_counted_for_whoever_asks_and_says_nothing_of_others(
    settings: Settings,
) -> None:
    room = AlertsRoom(replace(settings, alerts_public_url="https://alerts.example"))
    room.door.application.extensions[asking.COUNTER] = Counter(lambda: 1234.5)
    room.door.application.extensions["homeward"] = replace(
        room.tools, room=replace(room.tools.room, settings=replace(room.tools.room.settings, feeds_rate=2))
    )
    with room.app.app_context(), room.tools.room.bus.work() as work:
        key = keys.add(work.session, room.tools.regions, room.now, "News", ["read"], [], 4)
    far, household = ({"X_Forwarded_For": address} for address in ("203.0.113.9", "2001:db8::1"))
    for reader, limit in ((far, 2), (household, 2), ({"Authorization": f"Bearer {key}"}, 4)):
        answers = [ask(room, FEEDS[0], **reader) for _ in range(limit)]
        assert [each.headers.getlist("RateLimit") for each in answers] == [
            [f'"default";r={left};t=26'] for left in reversed(range(limit))
        ]
        assert {each.headers["RateLimit-Policy"] for each in answers} == {f'"default";q={limit};w=60'}
        late = ask(room, FEEDS[0], If_None_Match=answers[0].headers["ETag"], **reader)
        assert (late.status_code, late.headers["Retry-After"]) == (429, "26")
    assert ask(room, FEEDS[0]).headers.getlist("RateLimit") == []  # this machine itself


def test_a_household_is_one_asker() -> None:
    assert asker("2001:db8::1") == asker("2001:db8::ffff:2") != asker("2001:db8:0:1::1")
    assert asker("127.0.0.1") == asker("::1") == ""
    assert asker("203.0.113.9") == "203.0.113.9"


def test_a_cursor_goes_on_only_where_it_came_from(room: AlertsRoom) -> None:
    for number in range(3):
        room.approve(f"a{number}", photos=())
    following = (room.door.get("/v1/alerts.json?limit=1&region=SE").json or {})["next_url"]
    cursor = following.split("cursor=")[1].split("&")[0]
    assert room.door.get(f"/v1/alerts.json?limit=2&lang=zh&region=SE&cursor={cursor}").status_code == 200
    for other in ("/v1/alerts.json?", "/v1/alerts.json?region=NO&", "/v1/regions/SE-O/alerts.json?"):
        refused = room.door.get(f"{other}cursor={cursor}")
        assert (refused.status_code, (refused.json or {})["errors"][0]["parameter"]) == (400, "cursor")
    assert room.door.get(f"/v1/regions/SE/alerts.json?cursor={cursor}").status_code == 200
