"""What a family and the desk write to each other, from page to page over the bus: once each, sealed, and in order."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy

import pytest
from desk import CHECKS
from familydoor import portrait
from familyrooms import FamilyRooms
from test_desk_oncall import Box, box  # noqa: F401

from services.ingest.models import Addition, ContactCheck
from services.ingest.models import db as door_db
from services.review.acting import perform
from services.review.cases import mailing
from services.review.cases.ending import erase
from services.review.cases.letter_models import FamilyMail, Letter
from services.review.cases.models import Case
from services.review.models import db as desk_db
from shared.config import Settings

LATER = ("/case/add", "/case/answer", "/case/correct", "/case/withdraw", "/case/confirm")
FORMS = {
    "/case/add": {"text": "A blue bag"},
    "/case/correct": {"fact": "name", "text": "Alva Exempelsson"},
    "/case/withdraw": {"text": "She is back"},
}


@pytest.fixture
def rooms(settings: Settings) -> FamilyRooms:
    return FamilyRooms(settings)


@pytest.fixture
def mailed(settings: Settings, box: tuple[Box, int]) -> tuple[FamilyRooms, Box]:  # noqa: F811
    return FamilyRooms(replace(settings, smtp_url=f"smtp://127.0.0.1:{box[1]}")), box[0]


def mail(rooms: FamilyRooms) -> int:
    """One turn of the desk's mailing; answers how many went out."""
    with rooms.desk.app.app_context():
        return mailing.send_due(rooms.desk.worker)


def words(mail: tuple[list[str], str]) -> str:
    read = message_from_string(mail[1], policy=policy.default)
    return f"{read['Subject']}\n{read.get_content()}"


def test_a_question_is_asked_answered_and_seen_to(rooms: FamilyRooms) -> None:
    code = rooms.report()
    case = rooms.case_id()
    rooms.officer.act(f"cases/{case}/start")
    assert rooms.officer.send(f"/cases/{case}/letters", letter_text="Which bag?", asks="yes").status_code == 303
    rooms.carry()
    page = rooms.status(code)
    assert "Which bag?" in page and "waits for your answer" in page
    letter = re.findall(r'name="letter" value="(\w[\w-]*)"', page)[0]
    answered = rooms.post("/case/answer", code, act="send", letter=letter, text="The blue one")
    assert "Your answer has arrived." in answered.text and "waits for your answer" not in answered.text
    assert rooms.carry() == ["ReportAmended"]
    assert "The blue one" in rooms.page() and "</svg>answered</span>" in rooms.page()
    assert "new letter" in rooms.officer.get("/cases?state=letters").text
    rooms.officer.send(f"/cases/{case}/letters/{rooms.letter()}/read")
    assert "No case is like this" in rooms.officer.get("/cases?state=letters").text


def test_what_was_returned_asks_for_an_answer_too(rooms: FamilyRooms) -> None:
    code = rooms.report()
    rooms.officer.act(f"cases/{rooms.case_id()}/start")
    rooms.officer.act(f"cases/{rooms.case_id()}/return", {"reason": "dark", "message": "A brighter photo, please."})
    rooms.carry()
    page = rooms.status(code)
    assert "An officer has a question for you." in page and "Your answer" in page and "Add photos or facts" in page


def test_a_photo_that_comes_later_counts_once_an_officer_has_looked_at_it(rooms: FamilyRooms) -> None:
    code = rooms.report()
    case = rooms.case_id()
    first = rooms.desk.photos_of(case_id=case)
    sent = rooms.post("/case/add", code, portrait("person_a_2"), portrait(), act="send", text="A newer one")
    assert "It has arrived." in sent.text and "With 2 photos." in sent.text
    rooms.carry()
    assert len(rooms.desk.photos_of(case_id=case)) == len(first) + 1, "the one that was known is not there twice"
    assert not list((rooms.desk.settings.home / "blobs" / "to-review").glob("**/*.*")), "no transit copy stays"
    page = rooms.page()
    assert "added later" in page and "waits until somebody has looked at it" in page
    rooms.officer.act(f"cases/{case}/start")
    rooms.officer.act(f"cases/{case}/verify", CHECKS)
    assert "Register and enrol 1 photo" in rooms.page()
    rooms.officer.act(f"cases/{case}/register")
    asked = rooms.desk.sent("EnrolmentAsked")
    assert "Seen: enrol 1 photo" in rooms.page()
    rooms.officer.send(f"/cases/{case}/letters/{rooms.letter()}/read")
    assert rooms.desk.sent("EnrolmentAsked") == asked + 1


def test_a_correction_stands_in_the_report_once_it_is_taken_over(rooms: FamilyRooms) -> None:
    code = rooms.report()
    case = rooms.case_id()
    assert rooms.post("/case/correct", code, act="send", fact="born", text="2999-01-01").status_code == 422
    assert rooms.post("/case/correct", code, act="send", fact="email", text="nobody").status_code == 422
    assert rooms.post("/case/correct", code, act="send", fact="born", text="2014-04-01").status_code == 200
    rooms.carry()
    assert rooms.officer.read(f"cases/{case}")["facts"]["child"]["born"] == "2015-04-01"
    letter = rooms.letter()
    rooms.officer.send(f"/cases/{case}/letters/{letter}/take-over")
    assert rooms.officer.read(f"cases/{case}")["facts"]["child"]["born"] == "2014-04-01"
    again = rooms.officer.send(f"/cases/{case}/letters/{letter}/take-over")
    assert again.status_code == 409 and "stands in the report already" in again.text


def test_a_withdrawal_is_asked_for_and_an_officer_decides(rooms: FamilyRooms) -> None:
    code = rooms.report()
    asked = rooms.post("/case/withdraw", code)
    assert "If an officer agrees, the search ends" in asked.text and rooms.carry() == []
    assert "Nothing is ended yet." in rooms.post("/case/withdraw", code, act="send").text
    assert rooms.carry() == ["WithdrawalRequested"]
    page = rooms.page()
    assert "The family asks to withdraw the report" in page and "Withdraw the case" in page
    rooms.officer.send(f"/cases/{rooms.case_id()}/withdraw", withdraw_reason="They asked")
    rooms.carry()
    ended = rooms.status(code)
    assert "This case is closed." in ended and "Add photos or facts" not in ended
    refused = rooms.post("/case/add", code, act="send", text="One thing more")
    assert "This report has ended" in refused.text and rooms.carry() == []


@pytest.mark.parametrize("path", FORMS)
def test_a_form_sent_twice_arrives_once(rooms: FamilyRooms, path: str) -> None:
    code, key = rooms.report(), rooms.key()
    for _ in range(2):
        assert rooms.post(path, code, key=key, act="send", **FORMS[path]).status_code == 200
    assert len(rooms.carry()) == 1
    with rooms.door_app.app_context():
        assert door_db.session.query(Addition).count() == 1


def test_a_photo_alone_sent_twice_arrives_once_and_is_said_to_have_arrived(rooms: FamilyRooms) -> None:
    code, key = rooms.report(), rooms.key()
    for _ in range(2):
        sent = rooms.post("/case/add", code, portrait("person_a_2"), key=key, act="send")
        assert sent.status_code == 200 and "It has arrived." in sent.text
    assert rooms.carry() == ["ReportAmended"]


def test_the_door_cannot_read_back_what_was_added(rooms: FamilyRooms) -> None:
    code = rooms.report()
    for path, form in FORMS.items():
        rooms.post(path, code, portrait("person_a_2"), act="send", **form)
    home = rooms.desk.settings.home
    kept = b"".join(path.read_bytes() for path in home.glob("ingest.sqlite*"))
    for word in ("blue bag", "Exempelsson", "She is back"):
        assert word.encode() not in kept
    assert "blue bag" not in rooms.status(code)


@pytest.mark.parametrize("path", LATER)
def test_an_act_without_a_right_code_says_only_that_nothing_is_found(rooms: FamilyRooms, path: str) -> None:
    wrong = "00000-00000-00000-00000"
    said = {rooms.door.post(path, data={"code": code, "act": "send", "text": "x"}).text for code in (wrong, wrong)}
    assert len(said) == 1 and "We find nothing under this code" in said.pop()
    assert rooms.door.get(path).status_code == 302
    for _ in range(6):
        last = rooms.door.post(path, data={"code": "nonsense"})
    assert last.status_code == 429 and last.headers["Retry-After"]


def test_long_and_turning_text_is_refused_or_made_plain(rooms: FamilyRooms) -> None:
    code = rooms.report()
    assert rooms.post("/case/add", code, act="send", text="x" * 900_000).status_code == 422
    assert rooms.post("/case/add", code, act="send", text="x" * 5_000_000).status_code == 413
    assert rooms.post("/case/add", code, act="send", text=" \u202e ").status_code == 422
    rooms.post("/case/add", code, act="send", text="invoice\u202egpj.exe <script>alert(1)</script>")
    rooms.carry()
    page = rooms.page()
    assert "\u202e" not in page and "&lt;script&gt;" in page and "<script>alert" not in page


def test_more_than_a_days_letters_are_refused_with_a_clear_word(rooms: FamilyRooms) -> None:
    code = rooms.report()
    for _ in range(20):
        assert rooms.post("/case/add", code, act="send", text="again").status_code == 200
    refused = rooms.post("/case/add", code, act="send", text="again")
    assert refused.status_code == 429 and "An officer reads it first." in refused.text
    assert len(rooms.carry()) == 20


def test_mail_says_there_is_news_only_to_an_address_that_was_confirmed(mailed: tuple[FamilyRooms, Box]) -> None:
    rooms, kept = mailed
    code = rooms.report(**{"reporter.email": "kim@example.org"})
    assert mail(rooms) == 1
    case = rooms.case_id()
    rooms.officer.act(f"cases/{case}/start")
    rooms.carry()
    assert mail(rooms) == 0, "nobody has confirmed the address"
    asked = words(kept.mails[0])
    assert kept.mails[0][0] == ["kim@example.org"] and "Alva" not in asked and code not in asked
    found = re.search(r"/confirm\?code=(\d{12})", asked)
    assert found
    opened = rooms.door.get(f"/confirm?code={found[1]}")
    assert opened.status_code == 200 and rooms.carry() == [], "opening the link confirms nothing"
    assert rooms.door.post("/confirm", data={"mailed": "000000000000"}).status_code == 422
    for _ in range(2):
        assert "is confirmed" in rooms.door.post("/confirm", data={"mailed": found[1], "act": "send"}).text
    assert rooms.carry() == ["ContactConfirmed"]
    rooms.officer.send(f"/cases/{case}/letters", letter_text="We found her bag.")
    rooms.officer.act(f"cases/{case}/return", {"reason": "more", "message": "Call us"})
    assert mail(rooms) == 1, "one mail for all the news there is"
    news = words(kept.mails[1])
    assert "there is news" in news and "/case" in news
    for word in ("Alva", "bag", "Call us", code, "missing", "child"):
        assert word not in news
    assert "We write to your e-mail address when there is news." in rooms.status(code)


def test_the_code_of_a_mail_is_typed_on_the_status_page_and_a_corrected_address_begins_anew(
    mailed: tuple[FamilyRooms, Box],
) -> None:
    rooms, kept = mailed
    code = rooms.report(**{"reporter.email": "kim@example.org"})
    mail(rooms)
    typed = re.search(r"your page: ([\d ]+)", words(kept.mails[0]))
    assert typed and rooms.post("/case/confirm", code, mailed="1").status_code == 422
    assert "is confirmed" in rooms.post("/case/confirm", code, mailed=typed[1]).text
    rooms.post("/case/correct", code, act="send", fact="email", text="kim@new.example.org")
    rooms.carry()
    rooms.officer.send(f"/cases/{rooms.case_id()}/letters/{rooms.letter()}/take-over")
    rooms.carry()
    assert mail(rooms) == 1 and kept.mails[1][0] == ["kim@new.example.org"]
    assert "We have sent a code" in rooms.status(code)
    assert rooms.post("/case/confirm", code, mailed=typed[1]).status_code == 422, "the code of the address before"
    with rooms.door_app.app_context(), rooms.door_room.bus.work() as work:
        check = work.session.query(ContactCheck).one()
        check.asked_at -= timedelta(days=8)
    late = re.search(r"your page: ([\d ]+)", words(kept.mails[1]))
    assert late and rooms.post("/case/confirm", code, mailed=late[1]).status_code == 422


def test_a_mail_that_fails_is_tried_again(settings: Settings) -> None:
    rooms = FamilyRooms(replace(settings, smtp_url="smtp://127.0.0.1:1"))
    rooms.report(**{"reporter.email": "kim@example.org"})
    assert mail(rooms) == 0
    with rooms.desk.app.app_context():
        row = desk_db.session.query(FamilyMail).one()
        assert (row.state, row.tries) == ("due", 1) and row.next_at > row.made_at


def test_without_a_mail_server_nobody_is_asked_to_confirm(rooms: FamilyRooms) -> None:
    code = rooms.report(**{"reporter.email": "kim@example.org"})
    assert "12 digits" not in rooms.status(code)


def test_an_erased_case_has_no_letters_and_takes_none(rooms: FamilyRooms) -> None:
    code = rooms.report()
    rooms.post("/case/add", code, portrait("person_a_2"), act="send", text="A blue bag")
    rooms.carry()
    case = rooms.case_id()
    rooms.officer.send(f"/cases/{case}/withdraw", withdraw_reason="asked")
    with rooms.desk.app.app_context():
        perform(rooms.desk.tools, erase, None, case)
        assert all(row.text is None for row in desk_db.session.query(Letter))
        assert desk_db.session.query(Case).one().content_key is None
    assert rooms.officer.get(f"/cases/{case}").status_code == 200
    rooms.post("/case/add", code, portrait("person_b_1"), act="send", text="It had left before the end was heard of")
    with pytest.raises(AssertionError, match="ReportAmended"):  # refused, recorded and kept
        rooms.carry()
    assert not list((rooms.desk.settings.home / "blobs" / "to-review").glob("**/*.*")), "no transit copy stays"
