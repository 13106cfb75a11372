"""The changes: who sleeps for a week catches up exactly, by JSON and by Atom with tombstones (RFC 6721)."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import feedparser
import pytest
from alertsroom import AlertsRoom
from builders import CHILD
from lxml import etree

from services.alerts.views import changes
from shared.config import Settings

NS = {
    "a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0", "hw": "urn:homeward:feed",
}  # fmt: skip


@dataclass
class Consumer:
    """Holds what it was told is live, by id: when it was last changed."""

    room: AlertsRoom
    cursor: str = "0"
    held: dict[str, str] = field(default_factory=dict)

    def catch_up_by_json(self) -> None:
        more = True
        while more:
            body = json.loads(self.room.door.get(f"/v1/changes?cursor={self.cursor}").data)
            for change in body["changes"]:
                if change["state"] == "live":
                    self.held[change["alert"]] = change["feature"]["properties"]["updated"]
                else:
                    self.held.pop(change["alert"], None)
            self.cursor, more = body["cursor"], body["more"]

    def catch_up_by_atom(self) -> None:
        path = f"/v1/changes.atom?cursor={self.cursor}"
        while path:
            data = self.room.door.get(path).data
            assert not feedparser.parse(data).bozo
            root = etree.fromstring(data)
            for entry in root.findall("a:entry", NS):
                self.held[str(entry.findtext("a:id", namespaces=NS))] = str(entry.findtext("a:updated", namespaces=NS))
            for stone in root.findall("at:deleted-entry", NS):
                self.held.pop(str(stone.get("ref")), None)
            self.cursor = str(root.findtext("hw:cursor", namespaces=NS))
            following = root.find("a:link[@rel='next']", NS)
            path = "" if following is None else "/" + str(following.get("href")).split("/", 3)[3]


def live(room: AlertsRoom) -> dict[str, str]:
    features = json.loads(room.door.get("/v1/alerts.geojson").data)["features"]
    return {feature["id"]: feature["properties"]["updated"] for feature in features}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_whoever_sleeps_catches_up_exactly_whatever_happened(
    settings: Settings, postgres: Callable[[], str], monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    if engine == "postgresql":
        settings = replace(settings, alerts_database_url=postgres())
    monkeypatch.setattr(changes, "A_PAGE", 7)
    monkeypatch.setattr("services.alerts.views.changes_atom.A_PAGE", 7)
    room, chance, known = AlertsRoom(settings), random.Random(engine), {}
    by_json, by_atom = Consumer(room), Consumer(room)
    for step in range(90):
        act = chance.choice(["approve", "amend", "amend", "cancel", "wait"])
        going = [id_ for id_, (_, end) in known.items() if end > room.now]
        if act == "approve" or not going:
            known[f"a{step}"] = 1, room.now + timedelta(hours=chance.choice([3, 300]))
            room.approve(f"a{step}", photos=(), expires=known[f"a{step}"][1])
        elif act == "amend":
            id_ = chance.choice(going)
            known[id_] = known[id_][0] + 1, room.now + timedelta(hours=chance.choice([3, 300]))
            room.amend(known[id_][0], id_, photos=(), expires=known[id_][1])
        elif act == "cancel":
            room.cancel(chance.choice(going))
            known = {id_: value for id_, value in known.items() if id_ in live(room)}
        else:
            room.later(minutes=chance.choice([1, 50]))
            if chance.random() < 0.5:
                room.expire()
        if chance.random() < 0.1:
            by_json.catch_up_by_json()
    room.later(minutes=1)
    room.expire()
    by_json.catch_up_by_json()
    by_atom.catch_up_by_atom()
    assert by_json.held == live(room) != {}
    assert by_atom.held == {f"urn:homeward:alert:{id_}": at for id_, at in live(room).items()}
    assert by_json.cursor == by_atom.cursor


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_a_tombstone_says_when_and_names_nobody(settings: Settings, end: str) -> None:
    room = AlertsRoom(settings)
    room.approve(photos=())
    assert CHILD in room.door.get("/v1/changes.atom").text
    room.later(days=0 if end == "cancel" else 1)
    getattr(room, end)()
    answer = room.door.get("/v1/changes.atom")
    assert CHILD not in answer.text
    (stone,) = etree.fromstring(answer.data).findall("at:deleted-entry", NS)
    assert stone.get("ref") == "urn:homeward:alert:a1"
    assert stone.get("when") == json.loads(room.door.get("/v1/alerts/a1").data)["properties"]["updated"]
    related = stone.findall("a:link[@type='application/cap+xml']", NS)
    assert len(related) == (1 if end == "cancel" else 0)
    kept = room.door.get("/v1/changes.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")
    assert room.door.get("/v1/changes.atom?cursor=x").status_code == 400


def test_the_frozen_messages_of_an_ended_alert_stay_inside_and_no_address_gives_them(settings: Settings) -> None:
    room = AlertsRoom(settings)
    room.approve(photos=())
    room.cancel()
    first, last = room.messages()
    assert CHILD.encode() in first.document
    assert room.door.get("/v1/alerts/a1.cap").data == last.document
    assert CHILD.encode() not in last.document
