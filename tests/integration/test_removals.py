"""Somebody asks that an alert or a report be taken away: sealed, once, before the right officers, answered in time."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from desk import BERLIN, Desk
from familyrooms import FamilyRooms
from test_desk_oncall import Box, box, tick  # noqa: F401
from test_ingest_pages import code_of

from services.review.removals import acts
from services.review.removals.models import Removal
from shared.config import Settings

ASKED = {"act": "send", "affected": "me", "text": "My old photo", "which": "The alert in Gothenburg", "contact": ""}


@pytest.fixture
def rooms(settings: Settings) -> FamilyRooms:
    return FamilyRooms(settings)


def ask(rooms: FamilyRooms, **form: str) -> str:
    """Sends a request; answers the code for its answer."""
    sent = rooms.door.post("/removal", data={"form": rooms.key()} | ASKED | form)
    assert sent.status_code == 200, sent.text
    return code_of(sent.text)


def test_a_request_is_answered_on_a_page_of_its_own_with_its_deadline_shown(rooms: FamilyRooms) -> None:
    report = rooms.report()
    code = ask(rooms, code=report)
    assert code != report and rooms.carry() == ["RemovalRequested"]
    page = rooms.status(code)
    assert "You have an answer by" in page and "in 3 days" in page and "Add photos or facts" not in page
    queue = rooms.officer.get("/cases").text
    assert "1 request for removal waits for an answer" in queue
    address = re.findall(r"/removals/\w+", queue)[0]
    request = rooms.officer.get(address).text
    assert "My old photo" in request and f"/cases/{rooms.case_id()}" in request and "close or withdraw" in request
    assert rooms.officer.send(f"{address}/answer", outcome="", answer_text="x").status_code == 409
    assert rooms.officer.send(f"{address}/answer", outcome="kept", answer_text=" ").status_code == 409
    assert rooms.officer.send(f"{address}/answer", outcome="removed", answer_text="It is gone.").status_code == 303
    assert rooms.officer.send(f"{address}/answer", outcome="kept", answer_text="No.").status_code == 409
    assert sorted(rooms.carry()) == ["CaseStatusChanged", "FamilyMessageSent"]
    answered = rooms.status(code)
    assert "An officer has answered your request." in answered and "It is gone." in answered
    assert "It is gone." not in rooms.status(report)
    assert "request for removal waits" not in rooms.officer.get("/cases").text


def test_a_request_sent_twice_arrives_once_under_one_code(rooms: FamilyRooms) -> None:
    form = {"form": rooms.key()} | ASKED
    codes = {code_of(rooms.door.post("/removal", data=form).text) for _ in range(2)}
    assert len(codes) == 1 and rooms.carry() == ["RemovalRequested"]


def test_what_is_missing_or_hostile_is_named_and_nothing_is_sent(rooms: FamilyRooms) -> None:
    wrong = rooms.door.post("/removal", data={"form": rooms.key(), "act": "send", "text": "My <b>photo</b>"})
    assert wrong.status_code == 422 and "Please say who it is about." in wrong.text
    assert "Please say which alert or report you mean" in wrong.text and "My &lt;b&gt;photo" in wrong.text
    nonsense = {"form": "x", "act": "send", "affected": "everybody", "which": "\u202e", "alert": "a" * 999}
    assert rooms.door.post("/removal", data=nonsense).status_code == 422
    assert rooms.door.post("/removal", data=ASKED | {"text": "x" * 900_000}).status_code == 422
    bad = rooms.door.post("/removal", data=ASKED | {"code": "00000-00000-00000-00000"})
    assert bad.status_code == 422 and "We find nothing under this code" in bad.text
    assert rooms.carry() == []


def test_an_unknown_alert_is_answered_like_a_known_one_and_put_before_supervisors(rooms: FamilyRooms) -> None:
    page = rooms.door.get("/removal?alert=no-such-alert").text
    assert "It is about the alert that you came from." in page
    ask(rooms, alert="no-such-alert", which="")
    rooms.carry()
    reviewer = rooms.desk.officer("Ben", "reviewer", regions=("SE",))
    assert "waits for an answer" in rooms.officer.get("/cases").text
    assert "waits for an answer" not in reviewer.get("/cases").text
    assert (
        "It names no alert" in rooms.officer.get(re.findall(r"/removals/\w+", rooms.officer.get("/cases").text)[0]).text
    )


def test_the_hours_are_a_setting(settings: Settings) -> None:
    rooms = FamilyRooms(replace(settings, removal_hours=24))
    assert "within 24 hours" in rooms.door.get("/removal").text
    assert "in 24 h" in rooms.status(ask(rooms)) or "in 1 day" in rooms.status(ask(rooms))


def test_an_alerts_request_leads_to_its_alert(settings: Settings) -> None:
    desk = Desk(settings)
    ada = desk.officer("Ada")
    case = desk.registered(ada)
    draft = ada.act(f"cases/{case}/drafts")
    row = desk.removal_asked(alert=draft["alert_id"])
    page = ada.get(f"/removals/{row}").text
    assert f"/drafts/{draft['id']}" in page and f"/cases/{case}" in page
    assert "Somebody asks that something of this case be taken away" in ada.get(f"/cases/{case}").text
    other = desk.officer("Max", regions=("DE",))
    assert other.get(f"/removals/{row}").status_code == 403
    assert desk.report(place=BERLIN)


def test_the_on_call_list_is_called_when_half_of_the_time_has_passed(
    settings: Settings,
    box: tuple[Box, int],  # noqa: F811
) -> None:
    desk = Desk(replace(settings, smtp_url=f"smtp://127.0.0.1:{box[1]}"))
    sue = desk.officer("Sue", "supervisor")
    sue.act("on-call", {"name": "Night", "address": "night@example.org", "region": "FR"})
    row = desk.removal_asked(desk.report())
    assert tick(desk) == (0, 0)
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        work.session.query(Removal).one().remind_at -= timedelta(hours=36)
    assert tick(desk) == (1, 1)
    assert f"/removals/{row}" in box[0].mails[0][1] and tick(desk) == (0, 0)
    assert "A request for removal has waited" in sue.get("/on-call").text


def test_an_answered_request_is_erased_after_30_days(settings: Settings) -> None:
    desk = Desk(settings)
    ada = desk.officer("Ada")
    row = desk.removal_asked(desk.report())
    ada.send(f"/removals/{row}/answer", outcome="kept", answer_text="It is another child.")
    with desk.app.app_context():
        acts.tidy(desk.worker)
        with desk.tools.room.bus.work() as work:
            assert work.session.query(Removal).one().content_key
            work.session.query(Removal).one().answered_at -= timedelta(days=31)
        acts.tidy(desk.worker)
        with desk.tools.room.bus.work() as work:
            assert work.session.query(Removal).one().state == "erased"
    assert "Nothing personal is left of this request" in ada.get(f"/removals/{row}").text
