"""How officers share the work: claims, the queue, reports they write down, legal hold, endings undone, reviews."""

import json
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from desk import BERLIN, CHECKS, PARIS, Desk, Officer, plain

from services.review.cases import reviewing
from services.review.cases.models import Case
from services.review.tidying import tidy
from shared.config import Settings

REPORT = {
    "how": "telephone", "child_name": "Zoé Martin", "born": "2016-05-03", "sex": "female",
    "seen_at": "2026-11-20T16:00:00+00:00", "place": "Gare du Nord", "lat": PARIS[0], "lon": PARIS[1],
    "reporter_name": "Ada Martin", "relation": "mother", "phone": "+33 1 00 00 00 00",
}  # fmt: skip
PAGE = {name: str(value) for name, value in REPORT.items() if name != "seen_at"}
PAGE |= {"seen_at.day": "2026-11-20", "seen_at.time": "16:00"}


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def change(desk: Desk, case_id: str, **values: Any) -> None:
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        case = work.session.get(Case, case_id)
        for name, value in values.items():
            setattr(case, name, value)


def text(officer: Officer, path: str) -> str:
    answer = officer.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def filed(officer: Officer, photos: list[bytes] | None = None, **changes: Any) -> tuple[int, Any]:
    body = {name: value for name, value in (REPORT | changes).items() if value is not None}
    files = [(BytesIO(each), f"{n}.jpg") for n, each in enumerate(photos or [])]
    sent = {"report": json.dumps(body), "photos": files}
    answer = officer.client.post("/api/v1/cases", data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.get_json()


def test_two_officers_never_work_on_the_same_case(desk: Desk) -> None:
    ada, ben, case_id = desk.officer("Ada"), desk.officer("Ben"), desk.report()
    case = ada.act(f"cases/{case_id}/start")
    assert case["holder"]["officer"] == ada.read("session")["officer"]["id"]
    assert ben.refused(f"cases/{case_id}/verify", CHECKS) == (409, "claimed_by_other")
    assert ben.refused(f"cases/{case_id}/claim") == (409, "claimed_by_other")
    assert "Ada is working on this case" in text(ben, f"/cases/{case_id}")
    assert "You work on this case." in text(ada, f"/cases/{case_id}")
    ada.act(f"cases/{case_id}/verify", CHECKS)
    assert ada.act(f"cases/{case_id}/register")["holder"] is None


def test_a_case_given_back_or_left_alone_is_free(desk: Desk) -> None:
    ada, ben, case_id = desk.officer("Ada"), desk.officer("Ben"), desk.report()
    ada.act(f"cases/{case_id}/claim")
    assert ben.refused(f"cases/{case_id}/release") == (409, "not_claimed")
    assert ada.act(f"cases/{case_id}/release")["holder"] is None
    ben.act(f"cases/{case_id}/start")
    change(desk, case_id, claimed_until=desk.tools.room.clock())
    ada.act(f"cases/{case_id}/verify", CHECKS)


def test_a_case_is_taken_over_with_a_reason_on_the_record(desk: Desk) -> None:
    ada, ben, case_id = desk.officer("Ada"), desk.officer("Ben"), desk.report()
    ada.act(f"cases/{case_id}/start")
    case = ben.act(f"cases/{case_id}/claim", {"reason": "Ada's shift is over."})
    assert case["audit"][0]["act"] == "case.claim" and case["audit"][0]["text"] == "Ada's shift is over."
    assert ada.refused(f"cases/{case_id}/verify", CHECKS) == (409, "claimed_by_other")


def test_ending_a_case_waits_for_nobody(desk: Desk) -> None:
    ada, ben, case_id = desk.officer("Ada"), desk.officer("Ben"), desk.report()
    ada.act(f"cases/{case_id}/start")
    assert ben.act(f"cases/{case_id}/withdraw")["holder"] is None


def test_the_queue_is_filtered_by_holder_and_waiting_time_and_ordered(desk: Desk) -> None:
    ada, old = desk.officer("Ada"), desk.report("Old")
    desk.report("Young", born=date(2023, 1, 1))
    change(desk, old, opened_at=desk.tools.room.clock() - timedelta(hours=30))
    ada.act(f"cases/{old}/claim")
    names = {
        query: [case["name"] for case in ada.read(f"cases?{query}")["cases"]]
        for query in ("holder=mine", "holder=free", "waiting=24", "order=longest", "order=youngest", "region=FR-ARA")
    }
    assert names == {
        "holder=mine": ["Old"], "holder=free": ["Young"], "waiting=24": ["Old"], "order=longest": ["Old", "Young"],
        "order=youngest": ["Young", "Old"], "region=FR-ARA": [],
    }  # fmt: skip
    assert [case["age"] for case in ada.read("cases?order=youngest")["cases"]] == [3, 10]


@pytest.mark.parametrize("words", ["zoe", "MARTIN", "gare lyon", "ada"])
def test_a_case_is_found_by_words_of_what_is_sealed(desk: Desk, words: str) -> None:
    ada = desk.officer("Ada")
    wanted = desk.report("Zoé Martin")
    desk.report("Zoé Martin", place=BERLIN)
    assert [case["id"] for case in ada.read(f"cases?words={words}")["cases"]] == [wanted]
    assert "Zoé Martin" in text(ada, f"/cases?words={words}")
    assert "has these words" in text(ada, "/cases?words=nobody")


def test_a_view_is_saved_without_words_shown_and_removed(desk: Desk) -> None:
    ada, ben = desk.officer("Ada"), desk.officer("Ben")
    saved = ada.send("/cases/views", name="My day", state="in_verification", holder="mine", words="Lina")
    assert saved.status_code == 303 and "Lina" in saved.location
    assert ">My day</a>" in text(ada, "/cases") and "My day" not in text(ben, "/cases")
    (view,) = ada.read("case-views")["views"]
    assert (view["state"], view["holder"], view["words"]) == ("in_verification", "mine", "")
    assert ben.client.delete(f"/api/v1/case-views/{view['id']}").status_code == 404
    assert ada.send(f"/cases/views/{view['id']}/remove").status_code == 303
    assert ada.read("case-views")["views"] == []
    assert ada.refused("case-views", {"name": " "}) == (409, "name_missing")


def test_an_officer_writes_down_a_report_with_a_photo(desk: Desk) -> None:
    ada = desk.officer("Ada", "intake_officer")
    status, case = filed(ada, [plain("#446688")])
    assert status == 201 and case["state"] == "submitted" and case["filed_how"] == "telephone"
    assert case["facts"]["child"]["name"] == "Zoé Martin" and len(case["photos"]) == 1
    assert case["holder"]["officer"] == case["filed_by"]
    assert ada.get(case["photos"][0]["url"]).content_type == "image/jpeg"
    html = text(ada, f"/cases/{case['id']}")
    assert "Written down by Ada, by telephone" in html and "Telephone them" in html
    ada.act(f"cases/{case['id']}/start")
    ada.act(f"cases/{case['id']}/return", {"reason": "no photo", "message": "Please bring another."})
    assert desk.sent("FamilyMessageSent") == desk.sent("CaseStatusChanged") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"child_name": " "}, "child_name"), ({"seen_at": "2999-01-01T00:00:00Z"}, "seen_at"),
        ({"born": "2000-01-01"}, "born"), ({"born": "2026-11-21"}, "born"), ({"phone": ""}, "phone"),
        ({"lat": 91}, "lat"), ({"how": "pigeon"}, "how"), ({"sex": None}, "sex"), ({"hair": "red"}, "hair"),
    ],
)  # fmt: skip
def test_a_report_with_a_fault_is_named_by_its_field_and_opens_no_case(
    desk: Desk, changes: dict[str, Any], field: str
) -> None:
    ada = desk.officer("Ada")
    status, problem = filed(ada, **changes)
    assert status == 422 and field in [error["pointer"].rpartition("/")[2] for error in problem["errors"]]
    assert ada.read("cases")["cases"] == []


def test_a_report_from_elsewhere_is_for_the_officers_there(desk: Desk) -> None:
    status, problem = filed(desk.officer("Ada"), lat=BERLIN[0], lon=BERLIN[1])
    assert (status, problem["reason"]) == (403, "not_permitted")


def test_the_page_for_a_report_keeps_what_was_typed_and_opens_the_case(desk: Desk) -> None:
    ada = desk.officer("Ada")
    assert "Write down a report" in text(ada, "/cases/new")
    wrong = ada.send("/cases", **(PAGE | {"born": ""}))
    html = unescape(wrong.get_data(as_text=True))
    assert wrong.status_code == 422 and 'value="Zoé Martin"' in html and "Date of birth: Please fill this in." in html
    done = ada.send("/cases", **PAGE)
    assert done.status_code == 303 and "Give the family the number HW-" in text(ada, done.location)


def test_a_photo_that_comes_later_is_enrolled_with_the_case(desk: Desk) -> None:
    ada = desk.officer("Ada")
    case_id = desk.registered(ada)
    before = desk.sent("EnrolmentAsked")

    def add(colour: str) -> Any:
        files = {"photos": (BytesIO(plain(colour)), "later.jpg")}
        return ada.client.post(f"/api/v1/cases/{case_id}/photos", data=files)

    assert len(add("#112233").get_json()["photos"]) == 3
    assert desk.sent("EnrolmentAsked") == before + 1
    assert add("#112233").get_json()["reason"] == "known_photo"
    nothing = ada.client.post(f"/cases/{case_id}/photos", data={})
    assert nothing.status_code == 422 and "Please choose a photo." in nothing.get_data(as_text=True)


def test_a_rejection_tells_the_family_why_and_can_be_undone(desk: Desk) -> None:
    ada, case_id = desk.officer("Ada"), desk.report()
    ada.act(f"cases/{case_id}/start")
    assert ada.refused(f"cases/{case_id}/reject", {"reason": "r", "message": ""}) == (409, "message_missing")
    case = ada.act(f"cases/{case_id}/reject", {"reason": "an adult", "message": "Please call the police at 17."})
    assert desk.sent("FamilyMessageSent") == 1 and case["acts"] == ["reopen"]
    case = ada.act(f"cases/{case_id}/reopen")
    assert case["state"] == "in_verification" and case["holder"] is not None


def test_a_withdrawn_report_is_taken_up_again_within_thirty_days_only(desk: Desk) -> None:
    ada, case_id = desk.officer("Ada"), desk.report()
    ada.act(f"cases/{case_id}/withdraw")
    assert "Take it up again" in text(ada, f"/cases/{case_id}")
    change(desk, case_id, closed_at=desk.tools.room.clock() - timedelta(days=31))
    assert ada.refused(f"cases/{case_id}/reopen") == (409, "too_late")


def test_the_law_keeps_an_ended_case_until_a_supervisor_lifts_the_hold(desk: Desk) -> None:
    eve, ada = desk.officer("Eve", "supervisor"), desk.officer("Ada")
    case_id = desk.registered(ada)
    assert ada.refused(f"cases/{case_id}/hold", {"reason": "order"}) == (403, "not_permitted")
    assert eve.refused(f"cases/{case_id}/hold", {"reason": " "}) == (409, "reason_missing")
    assert eve.act(f"cases/{case_id}/hold", {"reason": "Order 7/2026"})["hold"]["reason"] == "Order 7/2026"
    ada.act(f"cases/{case_id}/close", {"reason": "located"})
    change(desk, case_id, closed_at=desk.tools.room.clock() - timedelta(days=31))
    with desk.app.app_context():
        tidy(desk.worker)
    html = text(eve, f"/cases/{case_id}")
    assert "Order 7/2026" in html and "erased within a minute" in html and "Reopen" not in html.partition("Record")[0]
    eve.act(f"cases/{case_id}/lift-hold", {"reason": "the order has ended"})
    with desk.app.app_context():
        tidy(desk.worker)
    assert eve.read(f"cases/{case_id}")["state"] == "erased"


def test_a_case_comes_up_for_review_each_year_and_none_closes_by_itself(desk: Desk) -> None:
    ada, now = desk.officer("Ada"), desk.tools.room.clock()
    case_id, fresh = desk.registered(ada), desk.registered(ada)
    change(desk, case_id, opened_at=now - timedelta(days=366))
    with desk.app.app_context():
        reviewing.raise_due(desk.worker)
    assert [case["id"] for case in ada.read("cases?state=review")["cases"]] == [case_id]
    assert ada.refused(f"cases/{fresh}/review", {"reason": "why"}) == (409, "review_not_due")
    assert "A year has passed" in text(ada, f"/cases/{case_id}") and "To be reviewed (1)" in text(ada, "/cases")
    assert ada.refused(f"cases/{case_id}/review", {"reason": ""}) == (409, "reason_missing")
    case = ada.act(f"cases/{case_id}/review", {"reason": "The family still hopes."})
    assert case["state"] == "registered" and case["review_due_at"] is None and case["holder"] is None
    with desk.app.app_context():
        reviewing.raise_due(desk.worker)
    assert ada.read("cases?state=review")["cases"] == []


def test_a_case_comes_up_for_review_at_the_eighteenth_birthday(desk: Desk) -> None:
    ada, now = desk.officer("Ada"), desk.tools.room.clock()
    case_id = desk.registered(ada, born=date(now.year - 17, 1, 1))
    change(desk, case_id, reviewed_at=now)
    with desk.app.app_context():
        reviewing.raise_due(desk.worker)
    assert ada.read("cases?state=review")["cases"] == []
    born = date(2008, 11, 20)
    at = [now.replace(year=2026, month=11, day=day) for day in (18, 19, 20)]
    assert reviewing.why_due(born, at[0], at[1]) is None and reviewing.why_due(born, at[1], at[2]) == "eighteen"
    assert reviewing.why_due(born, at[2], at[2] + timedelta(days=1)) is None
