"""Webhooks to real endpoints, good and bad: each change arrives, signed, and nobody can make us knock where we should
not."""

import asyncio
import base64
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import endpoints
import pytest
from alertsroom import AlertsRoom
from builders import NOW
from endpoints import Endpoint, endpoint
from werkzeug.test import TestResponse

from services.alerts.deliver import courier, desk, keys, rules, wire
from services.alerts.deliver.courier import Courier
from services.alerts.deliver.fanout import fan_out
from services.alerts.deliver.wire import Letter, Wire
from shared.config import Settings


class Newsroom:
    """The holder of a key, and the room's courier."""

    def __init__(
        self, room: AlertsRoom, *, regions: tuple[str, ...] = (), scopes: tuple[str, ...] = ("subscribe",)
    ) -> None:
        self.room, self.wire = room, Wire(loopback=True)
        with room.app.app_context(), room.tools.room.bus.work() as work:
            self.key = keys.add(work.session, room.tools.regions, room.now, "A newsroom", scopes, regions, 1000)

    def ask(self, method: str, path: str = "", body: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.room.door.open(f"/v1/subscriptions{path}", method=method, json=body, headers=headers)

    def subscribe(self, url: str, **wanted: Any) -> dict[str, Any]:
        answer = self.ask("POST", "", {"url": url, **wanted})
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})

    def deliver(self) -> None:
        with self.room.app.app_context():
            fan_out(self.room.tools)
        Courier(self.room.app, self.room.tools, self.wire).until_idle()

    def log(self, id_: str) -> list[dict[str, Any]]:
        return list((self.ask("GET", f"/{id_}/deliveries").json or {})["deliveries"])

    def state(self, id_: str) -> dict[str, Any]:
        return dict(self.ask("GET", f"/{id_}").json or {})


def signed(secret: str, headers: dict[str, str], body: bytes) -> str:
    """The signature of Standard Webhooks, worked out from its text."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), said, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(replace(settings, webhooks_to_loopback=True))


@pytest.fixture
def news(room: AlertsRoom) -> Newsroom:
    return Newsroom(room)


@pytest.fixture
def hook() -> Iterator[Endpoint]:
    with endpoint() as found:
        yield found


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "WHOLE_S", 0.6)
    monkeypatch.setattr(courier, "LOOK_EVERY_S", 0.02)


def test_every_step_of_an_alert_arrives_once_signed_by_the_subscriptions_secret(
    room: AlertsRoom, news: Newsroom, hook: Endpoint
) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    assert news.state(made["id"])["state"] == "active"
    room.approve()
    news.deliver()
    room.amend(2)
    room.cancel()
    news.deliver()
    news.deliver()
    assert [body["type"] for body in hook.bodies("alert")] == ["alert.published", "alert.amended", "alert.cancelled"]
    told = hook.bodies("alert.published")[0]["data"]
    assert told["feature"]["properties"]["headline"].endswith("is missing")
    assert "Alva" not in json.dumps(hook.bodies("alert.cancelled"))
    for headers, body in hook.received:
        assert signed(made["secret"], headers, body) == headers["webhook-signature"]
    ids = [headers["webhook-id"] for headers, _ in hook.received]
    assert len(set(ids)) == len(ids) == 4
    assert abs(int(hook.received[0][0]["webhook-timestamp"]) - NOW.timestamp()) < 60


def test_only_what_touches_its_regions_and_has_its_status_is_told(room: AlertsRoom, news: Newsroom) -> None:
    with endpoint() as sweden, endpoint() as county, endpoint() as norway, endpoint() as exercises, endpoint() as all_:
        for hook, regions, status in (
            (sweden, ["SE"], "actual"), (county, ["SE-O"], "actual"), (norway, ["NO"], "actual"),
            (exercises, ["se"], "exercise"), (all_, [], "actual"),
        ):  # fmt: skip
            news.subscribe(hook.url, regions=regions, status=status)
        news.deliver()
        room.approve("a1", regions=("SE-O",), photos=())
        room.approve("a2", status="Exercise", photos=())
        news.deliver()
        counts = [len(hook.bodies("alert")) for hook in (sweden, county, norway, exercises, all_)]
    assert counts == [1, 1, 0, 1, 1]


def test_who_was_told_of_an_alert_hears_of_its_end_also_when_it_has_moved_away(
    room: AlertsRoom, news: Newsroom, hook: Endpoint
) -> None:
    news.subscribe(hook.url, regions=["SE-O"])
    news.deliver()
    room.approve(photos=())
    room.amend(2, photos=(), regions=("NO-03",), lat=59.9, lon=10.75)
    room.cancel()
    news.deliver()
    assert [body["type"] for body in hook.bodies("alert")] == ["alert.published", "alert.amended", "alert.cancelled"]


def test_an_endpoint_that_does_not_echo_the_challenge_is_told_nothing(room: AlertsRoom, news: Newsroom) -> None:
    with endpoint(endpoints.answering(200)) as hook:
        made = news.subscribe(hook.url)
        news.deliver()
        room.approve(photos=())
        news.deliver()
        assert news.state(made["id"])["state"] == "unverified"
        assert [each["reason"] for each in news.log(made["id"])[0]["tries"]] == ["challenge_not_echoed"]
        assert hook.bodies("alert") == []
        hook.answer = endpoints.echo
        assert news.ask("POST", f"/{made['id']}/verify").status_code == 202
        news.deliver()
        assert news.state(made["id"])["state"] == "active"


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (endpoints.answering(500), 500, "refused"), (endpoints.answering(302, Location="/hook"), 302, "redirected"),
        (endpoints.never, None, "too_slow"), (endpoints.dripping, None, "too_slow"),
        (endpoints.nonsense, None, "no_http_answer"), (endpoints.gigabyte, 200, ""),
    ],
)  # fmt: skip
def test_a_bad_answer_is_logged_and_tried_again_and_reads_no_more_than_it_must(
    room: AlertsRoom, news: Newsroom, hook: Endpoint, answer: Any, status: int | None, reason: str
) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    hook.answer = answer
    room.approve(photos=())
    news.deliver()
    (told,) = [each for each in news.log(made["id"]) if each["kind"] == "change"]
    assert [(each["status"], each["reason"]) for each in told["tries"]] == [(status, reason)]
    assert told["state"] == ("delivered" if status == 200 else "waiting")
    hook.answer = endpoints.echo
    room.later(seconds=4)
    news.deliver()
    assert len(hook.bodies("alert")) == 1
    room.later(seconds=2)
    news.deliver()
    assert len(hook.bodies("alert")) == (1 if status == 200 else 2)
    assert len({headers["webhook-id"] for headers, _ in hook.received}) == 2


def test_one_that_never_answers_keeps_nobody_waiting(room: AlertsRoom, news: Newsroom, hook: Endpoint) -> None:
    with endpoint() as slow:
        news.subscribe(slow.url)
        news.subscribe(hook.url)
        news.deliver()
        slow.answer = endpoints.never
        for number in range(3):
            room.approve(f"a{number}", photos=())
        news.deliver()
    assert len(hook.bodies("alert")) == 3


def test_after_a_day_a_delivery_is_given_up_and_can_be_sent_again(
    room: AlertsRoom, news: Newsroom, hook: Endpoint
) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    hook.answer = endpoints.answering(503)
    room.approve(photos=(), expires=NOW + timedelta(days=9))
    news.deliver()
    for pause in rules.PAUSES_S:
        room.later(seconds=pause)
        news.deliver()
    (told,) = [each for each in news.log(made["id"]) if each["kind"] == "change"]
    assert (told["state"], len(told["tries"])) == ("failed", 12)
    assert 23 <= sum(rules.PAUSES_S) / 3600 <= 24.5
    hook.answer = endpoints.echo
    assert news.ask("POST", f"/{made['id']}/deliveries/{told['id']}/redeliver").status_code == 202
    news.deliver()
    assert news.log(made["id"])[0]["state"] == "delivered"


@pytest.mark.parametrize("why", ["gone", "three days"])
def test_what_cannot_be_reached_is_disabled_and_told_so(
    room: AlertsRoom, news: Newsroom, hook: Endpoint, why: str
) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    hook.answer = endpoints.answering(410 if why == "gone" else 500)
    room.approve("a1", photos=(), expires=NOW + timedelta(days=9))
    news.deliver()
    if why == "three days":
        assert news.state(made["id"])["troubled_since"]
        room.later(days=3)
        news.deliver()
    assert news.state(made["id"])["state"] == "disabled"
    assert ("410" in news.state(made["id"])["reason"]) is (why == "gone")
    hook.answer = endpoints.echo
    room.later(seconds=1)
    room.approve("a2", photos=(), expires=NOW + timedelta(days=9))
    news.deliver()
    assert len(hook.bodies("subscription.disabled")) == 1
    assert "a2" not in json.dumps(hook.bodies("alert"))
    assert news.ask("POST", f"/{made['id']}/test").status_code == 409
    news.ask("POST", f"/{made['id']}/verify")
    news.deliver()
    assert news.state(made["id"])["state"] == "active"


def test_an_endpoint_can_be_tried_and_its_secret_changed_without_a_gap(
    room: AlertsRoom, news: Newsroom, hook: Endpoint
) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    new = (news.ask("POST", f"/{made['id']}/secret").json or {})["secret"]
    assert news.ask("POST", f"/{made['id']}/test").status_code == 202
    news.deliver()
    assert len(hook.bodies("subscription.test")) == 1
    assert len(hook.received[-1][0]["webhook-signature"].split()) == 2
    room.later(days=2)
    news.ask("POST", f"/{made['id']}/test")
    news.deliver()
    headers, body = hook.received[-1]
    assert signed(new, headers, body) == headers["webhook-signature"]


def test_a_kill_after_any_step_loses_and_doubles_nothing(room: AlertsRoom, news: Newsroom, hook: Endpoint) -> None:
    """What a killed process leaves is what is committed: each step is done, and the next never follows."""
    news.subscribe(hook.url)
    news.deliver()
    room.approve(photos=())  # killed before the fan-out: the change waits, untold
    with room.app.app_context():
        fan_out(room.tools)
        assert fan_out(room.tools) == 0  # killed after it: the delivery waits
        assert len(desk.take(room.tools, 10)) == 1  # killed with it in hand: it is another's once the lease is over
        assert desk.take(room.tools, 10) == []
    assert hook.bodies("alert") == []
    room.later(seconds=desk.LEASE.seconds)
    news.deliver()
    assert len(hook.bodies("alert")) == 1


def test_an_alert_that_ended_before_it_could_be_told_names_nobody(
    room: AlertsRoom, news: Newsroom, hook: Endpoint
) -> None:
    news.subscribe(hook.url)
    news.deliver()
    room.approve(photos=())
    room.cancel()
    news.deliver()
    assert len(hook.bodies("alert")) == 2
    assert "Alva" not in json.dumps(hook.bodies("alert"))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "198.18.0.1", "240.0.0.1", "0.0.0.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_connected_to(address: str) -> None:
    async def looked_up(host: str, port: int) -> list[str]:
        return ["8.8.8.8", address]

    answer = asyncio.run(Wire(look_up=looked_up).post(Letter("x", "https://news.example/hook", {}, b"{}")))
    assert (answer.status, answer.reason) == (None, "address_not_public")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_however_this_machine_is_spelt_it_is_not_called(host: str, hook: Endpoint) -> None:
    port = hook.url.rsplit(":", 1)[1].split("/")[0]
    answer = asyncio.run(Wire().post(Letter("x", f"https://{host}:{port}/hook", {}, b"{}")))
    assert answer.reason == "address_not_public"
    assert hook.received == []


def test_a_name_that_means_another_place_later_is_looked_at_each_time_and_only_once(hook: Endpoint) -> None:
    """Rebinding: what was looked at is what is connected to."""
    asked: list[str] = []

    async def rebound(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    port = hook.url.rsplit(":", 1)[1].split("/")[0]
    letter = Letter("x", f"http://news.example:{port}/hook", {"webhook-id": "1"}, b"{}")
    hook.answer = endpoints.answering(204)
    wire_ = Wire(loopback=True, look_up=rebound)
    assert asyncio.run(wire_.post(letter)).status == 204
    assert len(asked) == 1
    assert hook.received[0][0]["host"] == f"news.example:{port}"
    assert asyncio.run(wire_.post(letter)).reason == "address_not_public"


@pytest.mark.parametrize(
    ("host", "trusted", "reason"),
    [
        ("news.example", True, ""), ("news.example", False, "no_valid_certificate"),
        ("other.example", True, "no_valid_certificate"),
    ],
)  # fmt: skip
def test_the_certificate_is_held_to_the_name_although_the_address_is_pinned(
    tmp_path: Path, host: str, trusted: bool, reason: str
) -> None:
    async def looked_up(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    pem = endpoints.certificate(tmp_path, "news.example")
    with endpoint(endpoints.answering(204), pem) as hook:
        port = hook.url.rsplit(":", 1)[1].split("/")[0]
        wire_ = Wire(loopback=True, look_up=looked_up)
        if trusted:
            wire_.tls.load_verify_locations(pem)
        answer = asyncio.run(wire_.post(Letter("x", f"https://{host}:{port}/hook", {}, b"{}")))
    assert (answer.reason, len(hook.received)) == (reason, 0 if reason else 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/hook", "ftp://news.example", "https://", "https://user:pass@news.example/", "news.example",
        "https://news.example/#x", "https://news.example/\r\nX: y", "https://[::1", "https://news.example:99999/",
        "https://münchen.example/", "https://10.0.0.1/hook", "https://[::1]:8443/",
        "https://[fe80::1]/", "https://news.example/" + "x" * 3000, "", 7, None,
    ],
)  # fmt: skip
def test_a_url_that_may_not_be_told_is_refused_with_a_pointer(settings: Settings, url: Any) -> None:
    answer = Newsroom(AlertsRoom(settings)).ask("POST", "", {"url": url})
    assert answer.status_code == 422
    assert (answer.json or {})["errors"][0]["pointer"] == "#/url"


def test_a_subscription_is_its_holders_alone_and_within_the_keys_regions(room: AlertsRoom, hook: Endpoint) -> None:
    swedish, other, reader = Newsroom(room, regions=("SE",)), Newsroom(room), Newsroom(room, scopes=("read",))
    made = swedish.subscribe(hook.url, regions=["SE-O"])
    assert swedish.ask("POST", "", {"url": hook.url}).status_code == 403
    assert swedish.ask("POST", "", {"url": hook.url, "regions": ["NO"]}).status_code == 403
    assert swedish.ask("POST", "", {"url": hook.url, "regions": ["XX"]}).status_code == 422
    assert reader.ask("GET").status_code == 403
    assert room.door.get("/v1/subscriptions").status_code == 401
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/verify"), ("GET", "/deliveries")):
        assert other.ask(method, f"/{made['id']}{path}").status_code == 404
    listed = swedish.ask("GET")
    assert [each["id"] for each in (listed.json or {})["subscriptions"]] == [made["id"]]
    assert listed.headers["Cache-Control"] == "no-store" and "Access-Control-Allow-Origin" not in listed.headers
    assert swedish.ask("DELETE", f"/{made['id']}").status_code == 204
    assert swedish.ask("GET", f"/{made['id']}").status_code == 404


def test_no_secret_lies_readable_in_the_database(room: AlertsRoom, news: Newsroom, hook: Endpoint) -> None:
    made = news.subscribe(hook.url)
    base = sqlite3.connect(room.tools.room.settings.home / "alerts.sqlite")
    dump = "\n".join(base.iterdump())
    assert made["id"] in dump
    assert made["secret"] not in dump and made["secret"].encode().hex().upper() not in dump
    assert news.key not in dump


def test_a_revoked_key_ends_its_subscriptions(room: AlertsRoom, news: Newsroom, hook: Endpoint) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    with room.app.app_context():
        (key,) = keys.everyone(room.tools.room.bus.db.session)
        with room.tools.room.bus.work() as work:
            keys.revoke(work, key.id)
    room.approve(photos=())
    news.deliver()
    assert hook.bodies("alert") == []
    assert news.state(made["id"])["reason"] == "Its key was revoked."


def test_a_courier_whose_tables_fail_goes_on_where_it_was(
    room: AlertsRoom, news: Newsroom, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.subscribe(hook.url)
    news.deliver()
    room.approve(photos=())
    with room.app.app_context():
        fan_out(room.tools)
    carrier = Courier(room.app, room.tools, news.wire)
    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(desk, "note", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
        carrier.until_idle()
    room.later(seconds=desk.LEASE.seconds)
    carrier.until_idle()
    assert len(hook.bodies("alert")) == 2
    assert len({headers["webhook-id"] for headers, body in hook.received if b"alert." in body}) == 1


def test_the_log_is_forgotten_after_a_month(room: AlertsRoom, news: Newsroom, hook: Endpoint) -> None:
    made = news.subscribe(hook.url)
    news.deliver()
    room.later(days=desk.KEPT.days, seconds=-1)
    with room.app.app_context():
        desk.forget_old(room.tools)
        assert len(news.log(made["id"])) == 1
        room.later(seconds=2)
        desk.forget_old(room.tools)
    assert news.log(made["id"]) == []


def test_the_same_on_postgresql(settings: Settings, hook: Endpoint, postgres: Callable[[], str]) -> None:
    room = AlertsRoom(replace(settings, webhooks_to_loopback=True, alerts_database_url=postgres()))
    news = Newsroom(room)
    made = news.subscribe(hook.url, regions=["SE"])
    news.deliver()
    room.approve(photos=())
    room.cancel()
    news.deliver()
    news.deliver()
    assert [body["type"] for body in hook.bodies("alert")] == ["alert.published", "alert.cancelled"]
    assert [each["state"] for each in news.log(made["id"])] == ["delivered"] * 3
    with room.app.app_context():
        desk.forget_old(room.tools)
    assert news.ask("DELETE", f"/{made['id']}").status_code == 204
