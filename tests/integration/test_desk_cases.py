"""A report on the desk: read, checked, registered or refused, closed, and what the record says of it."""

from datetime import date

import pytest
from desk import CHECKS, Desk

from services.review.acting import perform
from services.review.audit import verify
from services.review.cases.ending import erase
from services.review.models import db
from shared.config import Settings


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def test_an_officer_reads_what_the_family_said(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    case = officer.read(f"cases/{case_id}")
    assert case["facts"]["child"]["name"] == "Lina Muster"
    assert case["facts"]["reporter"]["relation"] == "mother"
    assert case["region"].startswith("FR-")
    assert case["state"] == "submitted" and case["acts"] == ["start", "withdraw"]
    assert len(case["photos"]) == 2 and case["photos"][0]["age_at_photo"] == 9.0
    assert [row["act"] for row in case["audit"]] == ["case.open"]


def test_a_photo_comes_as_a_picture_that_no_cache_keeps(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    answer = officer.get(f"/api/v1/photos/{desk.photos_of(case_id=case_id)[0]}")
    assert answer.content_type == "image/jpeg" and answer.data.startswith(b"\xff\xd8")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_case_is_registered_when_every_check_is_made(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    officer.act(f"cases/{case_id}/start")
    assert officer.refused(f"cases/{case_id}/register") == (409, "police_reference_missing")
    partly = officer.act(f"cases/{case_id}/verify", {"police_reference": "PV 17", "relation_verified": True})
    assert "police_reference_missing" not in partly["refusals"] and "custody_unchecked" in partly["refusals"]
    assert officer.act(f"cases/{case_id}/verify", CHECKS)["refusals"] == []
    case = officer.act(f"cases/{case_id}/register")
    assert case["state"] == "registered" and case["acts"] == ["close", "merge", "withdraw"]
    assert [row["act"] for row in case["audit"] if row["refused"]] == ["case.register"]


def test_the_record_says_of_each_check_what_it_was_set_to(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    officer.act(f"cases/{case_id}/start")
    officer.act(f"cases/{case_id}/verify", {"custody_checked": True, "police_reference": "PV 17", "legal_basis": ""})
    case = officer.act(f"cases/{case_id}/verify", {"custody_checked": False, "police_reference": "PV 17"})
    told = [row["text"] for row in case["audit"] if row["act"] == "case.check"]
    assert told == ["custody_checked: no", "police_reference\ncustody_checked: yes"]


def test_the_matchers_word_on_each_photo_is_on_the_case(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer)
    assert {(photo["outcome"], photo["quality"]) for photo in officer.read(f"cases/{case_id}")["photos"]} == {
        ("enrolled", 80.0)
    }


def test_an_adult_is_not_registered(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report(born=date(1990, 1, 1))
    officer.act(f"cases/{case_id}/start")
    officer.act(f"cases/{case_id}/verify", CHECKS)
    assert officer.refused(f"cases/{case_id}/register") == (409, "not_a_minor")
    assert officer.read(f"cases/{case_id}")["state"] == "in_verification"


@pytest.mark.parametrize("body", [{"police_reference": 3}, {"colour": "red"}, {"custody_checked": "perhaps"}])
def test_a_wrong_check_is_named_by_its_pointer(desk: Desk, body: dict[str, object]) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    officer.act(f"cases/{case_id}/start")
    answer = officer.post(f"/api/v1/cases/{case_id}/verify", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"#/{name}" for name in body]


@pytest.mark.parametrize("sent", [b"[", b"[1]", b"3", b'{"police_reference": "\\ud800"}', b"[" * 100_000, b"\xff"])
def test_what_is_no_json_object_is_refused_calmly(desk: Desk, sent: bytes) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    officer.act(f"cases/{case_id}/start")
    answer = officer.client.post(f"/api/v1/cases/{case_id}/verify", data=sent, content_type="application/json")
    assert answer.status_code in (400, 422) and answer.content_type == "application/problem+json"


def test_a_case_goes_back_to_the_family_with_a_message(desk: Desk) -> None:
    officer, case_id = desk.officer("Ada"), desk.report()
    officer.act(f"cases/{case_id}/start")
    assert officer.refused(f"cases/{case_id}/return", {"reason": "no clear photo", "message": " "}) == (
        409,
        "message_missing",
    )
    case = officer.act(f"cases/{case_id}/return", {"reason": "no clear photo", "message": "Please send another photo."})
    assert case["state"] == "returned" and case["reason"] == "no clear photo"


def test_closing_locks_the_photos_and_reopening_brings_them_back(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer)
    photo = f"/api/v1/photos/{desk.photos_of(case_id=case_id)[0]}"
    assert officer.refused(f"cases/{case_id}/close", {"reason": "bored"}) == (409, "unknown_reason")
    case = officer.act(f"cases/{case_id}/close", {"reason": "located", "outcome_text": "She is safe."})
    assert (case["state"], case["close_reason"], case["outcome_text"]) == ("closed", "located", "She is safe.")
    assert officer.get(photo).get_json()["reason"] == "photo_locked"
    assert officer.act(f"cases/{case_id}/reopen")["state"] == "registered"
    assert officer.get(photo).status_code == 200


def test_after_erasure_nothing_personal_can_be_read_and_the_record_still_holds(desk: Desk) -> None:
    supervisor = desk.officer("Eve", "supervisor")
    case_id = desk.registered(supervisor)
    photo = desk.photos_of(case_id=case_id)[0]
    supervisor.act(f"cases/{case_id}/close", {"reason": "located"})
    with desk.app.app_context():
        perform(desk.tools, erase, None, case_id, "test")
    case = supervisor.read(f"cases/{case_id}")
    assert case["state"] == "erased" and case["facts"]["child"] is None and case["name"] is None
    assert all(row["text"] is None for row in case["audit"] if row["act"] != "case.erase")
    answer = supervisor.get(f"/api/v1/photos/{photo}")
    assert (answer.status_code, answer.get_json()["reason"]) == (409, "erased")
    with desk.app.app_context():
        assert verify(db.session(), desk.tools.room.keys.directory).whole


def test_the_list_is_filtered_by_state_and_number(desk: Desk) -> None:
    officer = desk.officer("Ada")
    first, second = desk.report(), desk.report("Noor")
    officer.act(f"cases/{second}/start")
    assert [case["id"] for case in officer.read("cases?state=submitted")["cases"]] == [first]
    number = officer.read(f"cases/{second}")["number"]
    assert [case["name"] for case in officer.read(f"cases?number={number.lower()}")["cases"]] == ["Noor"]
    assert officer.read("cases?number=%25%00_")["cases"] != []


def test_the_record_verifies_and_tells_where_it_was_changed(desk: Desk) -> None:
    supervisor = desk.officer("Eve", "supervisor")
    desk.registered(supervisor)
    assert supervisor.read("audit?verify=1")["verified"]["whole"] is True
    desk.tamper("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    assert [fault["seq"] for fault in supervisor.read("audit?verify=1")["verified"]["broken"]] == [2]


def test_an_auditor_reads_who_did_what_and_none_of_the_words_about_a_child(desk: Desk) -> None:
    officer, auditor = desk.officer("Ada"), desk.officer("Noor", "auditor", regions=())
    case_id = desk.report()
    officer.act(f"cases/{case_id}/start")
    officer.act(f"cases/{case_id}/return", {"reason": "Lina's photo is dark", "message": "Please send another."})
    entry = next(row for row in auditor.read("audit")["entries"] if row["act"] == "case.return")
    assert entry["actor_name"] == "Ada" and entry["text"] is None
    assert auditor.read("audit?before=99999999999999999999")["entries"]
