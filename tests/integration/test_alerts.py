"""How alerts live: published, amended, cancelled, expired; and that an ended one names nobody anywhere."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from alertsroom import AlertsRoom
from builders import NOW, an_alert_content

from shared.blobs import FolderStore
from shared.config import Settings
from shared.errors import Refused
from shared.messages import AlertAmended, AlertApproved, AlertRing

NAMES = ("Alva", "Exempel", "Järntorget", "tram stop")


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def changes(room: AlertsRoom) -> list[str]:
    return [row["kind"] for row in json.loads(room.door.get("/v1/changes").data)["changes"]]


def everything_public(room: AlertsRoom) -> str:
    paths = ("/v1/alerts.geojson", "/v1/alerts.json", "/v1/alerts.atom", "/v1/alerts/a1", "/v1/alerts/a1.cap")
    return "".join(room.door.get(path).text for path in (*paths, "/alerts/a1", "/v1/changes", "/"))


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_an_ended_alert_names_nobody_anywhere(room: AlertsRoom, settings: Settings, end: str) -> None:
    room.approve()
    picture = json.loads(room.door.get("/v1/alerts/a1").data)["properties"]["photos"][0]["url"]
    path = "/" + picture.split("/", 3)[3]
    assert room.door.get(path).mimetype == "image/jpeg"
    assert any(name in everything_public(room) for name in NAMES)
    room.later(days=2 if end == "expired" else 0, seconds=1)
    (room.expire if end == "expired" else room.cancel)()
    assert not [name for name in NAMES if name in everything_public(room)]
    assert room.door.get(path).status_code == 404
    assert list(FolderStore(settings.home / "blobs" / "alerts").names()) == []
    assert room.door.get("/alerts/a1").status_code == 410
    tombstone = json.loads(room.door.get("/v1/alerts/a1").data)
    assert (tombstone["geometry"], tombstone["properties"]["state"]) == (None, end)
    assert changes(room) == ["published", end]


def test_an_alert_is_over_at_its_very_end_even_if_no_worker_has_come_by(room: AlertsRoom) -> None:
    room.approve()
    picture = json.loads(room.door.get("/v1/alerts/a1").data)["properties"]["photos"][0]["url"]
    kept = {path: room.door.get(path).headers for path in ("/v1/alerts.geojson", "/v1/alerts/a1", "/v1/changes")}
    room.later(days=1)
    assert not [name for name in NAMES if name in everything_public(room)]
    assert room.door.get("/" + picture.split("/", 3)[3]).status_code == 404
    assert json.loads(room.door.get("/v1/alerts/a1").data)["properties"]["state"] == "expired"
    assert room.door.get("/v1/alerts/a1.cap").status_code == 410
    for path, headers in kept.items():
        for since in ({"If-None-Match": headers["ETag"]}, {"If-Modified-Since": headers["Last-Modified"]}):
            assert room.door.get(path, headers=since).status_code == 200


def test_what_comes_after_the_end_finds_an_expired_alert(room: AlertsRoom) -> None:
    for id_ in ("a1", "a2"):
        room.approve(id_)
    room.later(days=1)
    with pytest.raises(Refused, match="alert_ended"):
        room.amend(2)
    room.cancel("a2")  # a Cancel could refer to nothing any more
    assert [row.msg_type for row in room.messages("a2")] == ["Alert"]
    assert changes(room) == ["published", "published", "expired"]
    assert room.sent_to_review()[-1] == "AlertExpired"


def test_the_desk_hears_of_every_step(room: AlertsRoom) -> None:
    room.approve()
    room.amend(2)
    room.cancel()
    assert room.sent_to_review() == ["AlertPublished"] * 3
    room.approve("a2")
    room.later(days=2)
    room.expire()
    assert room.sent_to_review()[-1] == "AlertExpired"


def test_a_photo_in_transit_is_gone_once_it_is_published(room: AlertsRoom, settings: Settings) -> None:
    room.approve()
    assert list(FolderStore(settings.home / "blobs" / "to-alerts").names()) == []


def test_photos_on_disk_are_sealed(room: AlertsRoom, settings: Settings) -> None:
    room.approve()
    blobs = [file for file in (settings.home / "blobs" / "alerts").rglob("*") if file.is_file()]
    assert len(blobs) == 2
    assert not any(b"JFIF" in file.read_bytes() for file in blobs)


def test_an_amendment_replaces_what_the_feed_says(room: AlertsRoom) -> None:
    room.approve()
    room.later(minutes=1)
    room.amend(2, radius_km=100.0, last_seen_place="The harbour")
    told = json.loads(room.door.get("/v1/alerts/a1").data)["properties"]
    assert (told["msg_type"], told["radius_km"], told["last_seen"]["place"]) == ("Update", 100.0, "The harbour")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (lambda room: AlertApproved("a1", 1, an_alert_content(), room.now), "already_published"),
        (lambda room: AlertAmended("a1", 1, an_alert_content(), room.now), "wrong_version"),
        (lambda room: AlertAmended("a1", 2, an_alert_content(status="Exercise"), room.now), "status_changed"),
        (lambda room: AlertAmended("zz", 2, an_alert_content(), room.now), "unknown_alert"),
        (lambda room: AlertApproved("a2", 1, an_alert_content(regions=("XX-1",)), room.now), "unknown_region"),
    ],
)
def test_what_does_not_follow_is_refused(room: AlertsRoom, message: object, reason: str) -> None:
    room.approve()
    with pytest.raises(Refused, match=reason):
        room.tell(message(room))  # type: ignore[operator]
    assert changes(room) == ["published"]


def test_nothing_is_amended_after_its_end(room: AlertsRoom) -> None:
    room.approve()
    room.cancel()
    with pytest.raises(Refused, match="alert_ended"):
        room.amend(2)
    room.cancel()
    assert changes(room) == ["published", "cancelled"]


def test_a_reader_that_slept_catches_up_exactly(room: AlertsRoom) -> None:
    room.approve()
    cursor = json.loads(room.door.get("/v1/changes").data)["cursor"]
    assert json.loads(room.door.get(f"/v1/changes?cursor={cursor}").data)["changes"] == []
    room.amend(2)
    room.cancel()
    rest = json.loads(room.door.get(f"/v1/changes?cursor={cursor}").data)
    assert [row["kind"] for row in rest["changes"]] == ["amended", "cancelled"]
    assert room.door.get("/v1/changes?cursor=x").status_code == 400


def test_regions_are_found_by_name(room: AlertsRoom) -> None:
    found = json.loads(room.door.get("/v1/regions?q=上海").data)["regions"]
    assert found[0]["code"] == "CN-SH"
    assert len(json.loads(room.door.get("/v1/regions").data)["regions"]) > 3000


def test_the_openapi_document_describes_every_feed_and_nothing_else(room: AlertsRoom) -> None:
    told = set(json.loads(room.door.get("/v1/openapi.json").data)["paths"])
    ours = set()
    for rule in room.door.application.url_map.iter_rules():
        path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule)
        if path.startswith("/v1/") and path not in ("/v1/docs", "/v1/openapi.json"):
            ours |= {path.replace("{suffix}", suffix) for suffix in ("geojson", "json", "atom")}
    assert told == ours


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_a_month_after_the_end_only_the_chain_is_left(room: AlertsRoom, end: str) -> None:
    room.approve()
    room.amend(2)
    room.approve("live", photos=(), expires=NOW + timedelta(days=30))
    room.later(days=0 if end == "cancelled" else 1)
    (room.cancel if end == "cancelled" else room.expire)()
    before, answer = room.messages(), room.door.get("/v1/alerts/a1.cap")
    room.later(days=29)
    room.wipe_frozen()
    assert [row.document for row in room.messages()] == [row.document for row in before]
    room.later(days=2)
    room.wipe_frozen()
    after = room.messages()
    assert [row.document is None for row in after] == [True, True, *([False] if end == "cancelled" else [])]
    chain = [(row.identifier, row.sent, row.references) for row in after]
    assert chain == [(row.identifier, row.sent, row.references) for row in before]
    assert room.messages("live")[0].document
    again = room.door.get("/v1/alerts/a1.cap")
    assert (again.status_code, again.data) == (answer.status_code, answer.data)


@pytest.mark.parametrize(
    "changes",
    [
        {"rings": (AlertRing(NOW, 30.0, ()),)}, {"polygon": ((57.6, 11.8), (57.6, 12.1), (57.8, 12.1))},
        {"rings": (AlertRing(NOW, 90.0, ("SE-O",)), AlertRing(NOW, 91.0, ("SE-O",)))},
        {"rings": (AlertRing(NOW, 90.0, ("XX-O",)),)},
    ],
)  # fmt: skip
def test_rings_that_do_not_widen_are_refused(room: AlertsRoom, changes: dict[str, Any]) -> None:
    rings = {"rings": (AlertRing(NOW, 90.0, ("SE-O",)),)}
    with pytest.raises(Refused, match=r"rings_not_widening|unknown_region"):
        room.approve(**rings | changes)
    assert room.messages() == []
