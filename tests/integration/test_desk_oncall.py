"""Somebody is called when it cannot wait: by a real mail server and a real webhook, once, and again where it failed."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from desk import BERLIN, LYON, Desk

from services.review.candidates.models import Candidate
from services.review.cases.models import Case
from services.review.drafts.models import Draft
from services.review.oncall import calling, paging, rules
from services.review.oncall.models import Call
from shared.config import Settings
from shared.errors import NotAllowed


class Box:
    """Keeps the mail that it is given."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Box()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept, port
    server.stop()


@pytest.fixture
def hook() -> Iterator[tuple[list[Any], str, dict[str, int]]]:
    """What a webhook was sent, its address, and the status that it answers."""
    got: list[Any] = []
    answers = {"status": 204}

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers["status"])
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield got, f"http://127.0.0.1:{server.server_port}/page", answers
    server.shutdown()


@pytest.fixture
def desk(settings: Settings, box: tuple[Box, int]) -> Desk:
    return Desk(replace(settings, smtp_url=f"smtp://127.0.0.1:{box[1]}"))


def tick(desk: Desk) -> tuple[int, int]:
    """What the worker does every few seconds: how many new pages, how many calls went out."""
    with desk.app.app_context():
        return paging.notice(desk.worker), calling.send_due(desk.worker)


def ago(desk: Desk, limit: str) -> datetime:
    """As long ago as that limit."""
    return desk.tools.room.clock() - timedelta(minutes=getattr(desk.tools.room.settings, limit))


def change(desk: Desk, table: Any, **values: Any) -> None:
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        for row in work.session.query(table):
            for name, value in values.items():
                setattr(row, name, value)


def test_a_sighting_in_danger_calls_whoever_is_on_call_there_once(
    desk: Desk, box: tuple[Box, int], hook: tuple[list[Any], str, dict[str, int]]
) -> None:
    eve, got = desk.officer("Eve", "supervisor", regions=("FR", "DE")), hook[0]
    eve.act("on-call", {"name": "Night duty", "address": "night@example.org", "region": "FR"})
    eve.act("on-call", {"name": "Pager", "address": hook[1], "region": "FR-IDF"})
    eve.act("on-call", {"name": "Berlin", "address": "berlin@example.org", "region": "DE"})
    desk.sighted()
    assert tick(desk) == (0, 0)
    sighting = desk.sighted(in_danger=True)
    assert tick(desk) == (1, 2) and tick(desk) == (0, 0)
    ((to, mail),) = box[0].mails
    assert to == ["night@example.org"] and "perhaps in danger" in mail and sighting in mail.replace("=\r\n", "")
    assert (got[0]["why"], got[0]["region"], got[0]["exercise"]) == ("in_danger", "FR-IDF", False)
    assert "elderly" not in mail + json.dumps(got) and "Quai" not in mail
    (page,) = eve.read("on-call")["pages"]
    assert {call["name"]: call["state"] for call in page["calls"]} == {"Night duty": "sent", "Pager": "sent"}


def test_a_very_strong_resemblance_calls_at_once_and_an_undecided_one_after_two_hours(desk: Desk) -> None:
    eve = desk.officer("Eve", "supervisor")
    desk.candidate(desk.registered(eve))
    assert tick(desk)[0] == 0
    change(desk, Candidate, band="very_strong")
    assert tick(desk)[0] == 1
    change(desk, Candidate, made_at=ago(desk, "oncall_candidate_minutes"))
    assert tick(desk)[0] == 1 and tick(desk)[0] == 0
    assert [page["why"] for page in eve.read("on-call")["pages"]] == ["candidate_waits", "very_strong"]
    assert "nobody was on call" in eve.get("/on-call").get_data(as_text=True)


def test_a_report_that_nobody_begins_calls_after_an_hour(desk: Desk) -> None:
    eve, case_id = desk.officer("Eve", "supervisor"), desk.report(place=LYON)
    change(desk, Case, opened_at=ago(desk, "oncall_report_minutes"))
    eve.act(f"cases/{case_id}/claim")
    assert tick(desk)[0] == 0
    eve.act(f"cases/{case_id}/release")
    assert tick(desk)[0] == 1
    told = eve.read(f"cases/{case_id}")["audit"][0]
    assert (told["act"], told["text"]) == ("oncall.page", "report_waits for 0")


def test_an_alert_that_waits_for_approval_calls_after_half_an_hour(desk: Desk) -> None:
    eve = desk.officer("Eve", "supervisor")
    case_id = desk.registered(eve)
    eve.post(f"/api/v1/cases/{case_id}/drafts")
    change(desk, Draft, state="pending", changed_at=ago(desk, "oncall_alert_minutes"))
    assert tick(desk)[0] == 1


def test_a_call_that_fails_is_tried_again_and_given_up_in_sight(
    desk: Desk, hook: tuple[list[Any], str, dict[str, int]]
) -> None:
    eve = desk.officer("Eve", "supervisor")
    eve.act("on-call", {"name": "Pager", "address": hook[1], "region": "FR"})
    hook[2]["status"] = 302
    desk.sighted(in_danger=True)
    assert tick(desk) == (1, 0) and tick(desk) == (0, 0) and len(hook[0]) == 1
    for _ in range(rules.TRIES - 1):
        change(desk, Call, next_at=desk.tools.room.clock())
        tick(desk)
    assert len(hook[0]) == rules.TRIES
    assert eve.read("on-call")["pages"][0]["calls"][0]["state"] == "failed"
    assert "could not be reached" in eve.get("/on-call").get_data(as_text=True)


def test_a_call_reaches_them_when_the_webhook_is_there_again(
    desk: Desk, hook: tuple[list[Any], str, dict[str, int]]
) -> None:
    eve = desk.officer("Eve", "supervisor")
    eve.act("on-call", {"name": "Pager", "address": hook[1], "region": "FR"})
    hook[2]["status"] = 500
    desk.sighted(in_danger=True)
    tick(desk)
    hook[2]["status"] = 200
    change(desk, Call, next_at=desk.tools.room.clock() - timedelta(seconds=1))
    assert tick(desk) == (0, 1)


def test_without_a_mail_server_a_call_by_mail_says_so(settings: Settings) -> None:
    desk = Desk(settings)
    eve = desk.officer("Eve", "supervisor")
    assert eve.send("/on-call", name="Night duty", address="night@example.org").status_code == 303
    desk.sighted(in_danger=True)
    assert tick(desk) == (1, 0)
    assert eve.read("on-call")["pages"][0]["calls"][0]["fault"] == "ConfigError"
    assert "has not set a mail server" in eve.get("/on-call").get_data(as_text=True)


def test_the_list_is_a_supervisors_of_the_region(desk: Desk) -> None:
    eve, ada = desk.officer("Eve", "supervisor"), desk.officer("Ada")
    entry = {"name": "Night", "address": "night@example.org", "region": "FR"}
    assert ada.refused("on-call", entry) == (403, "not_permitted")
    assert eve.refused("on-call", entry | {"region": "DE-BE"}) == (403, "not_permitted")
    assert eve.refused("on-call", entry | {"region": "XX"}) == (409, "unknown_region")
    assert eve.refused("on-call", entry | {"name": " "}) == (409, "name_missing")
    (row,) = eve.act("on-call", entry)["on_call"]
    far = desk.officer("Lena", "supervisor", regions=("DE",))
    assert far.read("on-call")["on_call"] == [] and far.client.delete(f"/api/v1/on-call/{row['id']}").status_code == 403
    desk.sighted(in_danger=True)
    tick(desk)
    assert eve.send(f"/on-call/{row['id']}/remove").status_code == 303
    assert eve.read("on-call")["on_call"] == [] and "oncall.remove" in [e["act"] for e in eve.read("audit")["entries"]]


def test_a_sighting_from_another_country_calls_nobody_here(desk: Desk, box: tuple[Box, int]) -> None:
    eve = desk.officer("Eve", "supervisor")
    eve.act("on-call", {"name": "Night", "address": "night@example.org", "region": "FR"})
    desk.sighted(in_danger=True, place=BERLIN)
    assert tick(desk) == (1, 0) and box[0].mails == [] and eve.read("on-call")["pages"] == []


@pytest.mark.parametrize(
    "address",
    ["", "night", "http://example.org/page", "ftp://example.org", "a@b, c@d", "https://", "https://[", "x" * 500],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed):
        rules.checked_address(address)
