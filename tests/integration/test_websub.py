"""WebSub: feeds name the hub, and the hub is told of every change of every feed that names it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import endpoints
import feedparser
import pytest
from alertsroom import AlertsRoom
from endpoints import Endpoint, endpoint

from services.alerts.deliver.courier import Courier
from services.alerts.deliver.fanout import fan_out
from services.alerts.deliver.wire import Wire
from shared.config import Settings


@pytest.fixture
def hub() -> Iterator[Endpoint]:
    with endpoint(endpoints.answering(204)) as found:
        yield found


def deliver(room: AlertsRoom) -> None:
    with room.app.app_context():
        fan_out(room.tools)
    Courier(room.app, room.tools, Wire()).until_idle()


def pinged(hub: Endpoint) -> set[str]:
    asked = [parse_qs(body.decode()) for _, body in hub.received]
    assert all(each["hub.mode"] == ["publish"] for each in asked)
    topics = [each["hub.url"][0] for each in asked]
    assert len(topics) == len(set(topics))
    return set(topics)


def test_feeds_name_the_hub_and_it_is_told_of_what_they_call_themselves(settings: Settings, hub: Endpoint) -> None:
    room = AlertsRoom(replace(settings, websub_hub=hub.url))
    base = room.tools.room.settings.public_url("alerts")
    room.approve(photos=(), radius_km=1.0)
    deliver(room)
    paths = [f"{feed}/alerts.{suffix}" for feed in ("/v1", "/v1/regions/SE", "/v1/regions/SE-O") for suffix in
             ("atom", "json", "geojson")]  # fmt: skip
    assert pinged(hub) == {base + path for path in paths}
    for path in paths:
        links = room.door.get(path).headers.getlist("Link")
        assert f'<{hub.url}>; rel="hub"' in links and f'<{base}{path}>; rel="self"' in links
    feed = feedparser.parse(room.door.get("/v1/regions/SE-O/alerts.atom").data).feed
    named = {rel: [link.href for link in feed.links if link.rel == rel] for rel in ("hub", "self")}
    assert named == {"hub": [hub.url], "self": [f"{base}/v1/regions/SE-O/alerts.atom"]}
    assert (room.door.get("/v1/alerts.json").json or {})["hubs"] == [{"type": "WebSub", "url": hub.url}]
    hub.received.clear()
    room.cancel()
    deliver(room)
    assert pinged(hub) == {base + path for path in paths}


def test_no_hub_is_named_where_none_is_told(settings: Settings, hub: Endpoint) -> None:
    room = AlertsRoom(replace(settings, websub_hub=hub.url))
    room.approve(photos=(), status="Exercise")
    deliver(room)
    assert hub.received == []
    for path in ("/v1/alerts", "/v1/alerts.atom?status=exercise", "/v1/alerts.atom?point=57,12"):
        assert hub.url not in room.door.get(path).text
        assert 'rel="hub"' not in str(room.door.get(path).headers)
    plain = AlertsRoom(replace(settings, websub_hub=""))
    assert 'rel="hub"' not in plain.door.get("/v1/alerts.atom").text


def test_a_hub_that_is_away_is_told_later(settings: Settings, hub: Endpoint) -> None:
    room = AlertsRoom(replace(settings, websub_hub=hub.url))
    hub.answer = endpoints.answering(503)
    room.approve(photos=(), radius_km=1.0)
    deliver(room)
    hub.received.clear()
    hub.answer = endpoints.answering(204)
    room.later(seconds=6)
    deliver(room)
    assert len(pinged(hub)) == 9
