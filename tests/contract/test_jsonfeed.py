"""JSON Feed 1.1: what the version asks for, and our geometry under `_homeward`."""

import json
from typing import Any

import pytest
from alertsroom import AlertsRoom

from shared.config import Settings


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def local(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_json_feed_has_what_version_1_1_asks_for(room: AlertsRoom) -> None:
    room.approve()
    feed = json.loads(room.door.get("/v1/alerts.json").data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    (item,) = feed["items"]
    assert isinstance(item["id"], str)
    assert item["content_text"]
    assert item["_homeward"]["geometry"]["type"] == "Polygon"
    assert item["_homeward"]["identifier"]


def test_pages_of_a_feed_hold_every_alert_once(room: AlertsRoom) -> None:
    for number in range(5):
        room.approve(f"a{number}", photos=())
        room.later(seconds=number % 2)
    seen: list[str] = []
    path = "/v1/alerts.json?limit=2"
    while path:
        feed: dict[str, Any] = json.loads(room.door.get(path).data)
        seen += [item["_homeward"]["id"] for item in feed["items"]]
        path = local(feed["next_url"]) if "next_url" in feed else ""
    assert sorted(seen) == [f"a{number}" for number in range(5)]
