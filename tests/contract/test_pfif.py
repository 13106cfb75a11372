"""PFIF 1.4, held against its rules one by one: fields and their order, ids, times, and what remains after expiry."""

import re
from datetime import datetime, timedelta

import pytest
from alertsroom import AlertsRoom
from builders import CHILD, NOW
from lxml import etree

from shared.config import Settings
from shared.messages import AlertText

NAMESPACE = "http://zesty.ca/pfif/1.4"
PERSON = (
    "person_record_id", "entry_date", "expiry_date", "author_name", "author_email", "author_phone", "source_name",
    "source_date", "source_url", "full_name", "given_name", "family_name", "alternate_names", "description", "sex",
    "date_of_birth", "age", "home_street", "home_neighborhood", "home_city", "home_state", "home_postal_code",
    "home_country", "photo_url", "profile_urls", "note",
)  # fmt: skip
NOTE = (
    "note_record_id", "person_record_id", "linked_person_record_id", "entry_date", "author_name", "author_email",
    "author_phone", "source_date", "author_made_contact", "status", "email_of_found_person", "phone_of_found_person",
    "last_known_location", "text", "photo_url",
)  # fmt: skip
REMAINS = {"person_record_id", "source_date", "entry_date", "expiry_date"}
FORMS = {
    "entry_date": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "source_date": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "expiry_date": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "sex": "female|male|other", "age": r"\d+(-\d+)?",
    "status": "information_sought|is_note_author|believed_alive|believed_missing|believed_dead",
    "person_record_id": r"[^/\s]+/\S+", "note_record_id": r"[^/\s]+/\S+", "author_made_contact": "true|false",
}  # fmt: skip


def check(document: bytes, now: datetime) -> list[dict[str, str]]:
    """Every person's fields, once the whole document holds to the rules; a note's fields begin with `note.`."""
    root = etree.fromstring(document)
    assert root.tag == f"{{{NAMESPACE}}}pfif"
    people = [_fields(person, PERSON) for person in root]
    ids = [person["person_record_id"] for person in people]
    notes = [value for person in people for name, value in person.items() if name.endswith("note_record_id")]
    assert len(set(ids)) == len(ids)
    assert len(set(notes)) == len(notes)
    entered = [person["entry_date"] for person in people]
    assert entered == sorted(entered)
    for person in people:
        if datetime.fromisoformat(person["expiry_date"]) <= now:
            assert person.keys() == REMAINS
        else:
            assert person.keys() >= {"person_record_id", "source_date", "full_name", "expiry_date"}
            assert person.keys() >= {
                f"note.{name}" for name in ("note_record_id", "author_name", "source_date", "text")
            }
            assert person["note.person_record_id"] == person["person_record_id"]
    return people


def _fields(record: etree._Element, order: tuple[str, ...]) -> dict[str, str]:
    names = [etree.QName(field) for field in record]
    assert {name.namespace for name in names} == {NAMESPACE}
    locals_ = [name.localname for name in names]
    assert locals_ == sorted(set(locals_), key=order.index)
    found: dict[str, str] = {}
    for field, name in zip(record, locals_, strict=True):
        if name == "note":
            found |= {f"note.{key}": value for key, value in _fields(field, NOTE).items()}
            continue
        assert field.text
        assert name not in FORMS or re.fullmatch(FORMS[name], field.text), (name, field.text)
        found[name] = field.text
    return found


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def people(room: AlertsRoom, query: str = "") -> list[dict[str, str]]:
    answer = room.door.get(f"/v1/pfif{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return check(answer.data, room.now)


def test_a_live_alert_is_a_person_about_whom_information_is_sought(room: AlertsRoom) -> None:
    room.approve()
    (person,) = people(room)
    assert (person["full_name"], person["sex"], person["age"]) == (CHILD, "female", "9")
    assert person["note.status"] == "information_sought"
    assert "112" in person["note.text"]
    assert room.door.get("/" + person["photo_url"].split("/", 3)[3]).mimetype == "image/jpeg"


@pytest.mark.parametrize("end", ["cancelled", "expired", "expired, and no worker came by"])
def test_of_an_ended_alert_a_placeholder_remains_that_names_nobody(room: AlertsRoom, end: str) -> None:
    room.approve()
    before = people(room)[0]["entry_date"]
    room.later(minutes=1, days=0 if end == "cancelled" else 1)
    if end != "expired, and no worker came by":
        (room.cancel if end == "cancelled" else room.expire)()
    room.later(minutes=1)
    (person,) = people(room)
    assert person.keys() == REMAINS
    assert person["entry_date"] > before
    assert "Alva" not in room.door.get("/v1/pfif").text
    room.later(days=61)
    assert people(room) == []


def test_records_come_in_the_order_of_their_entry_and_none_is_missed_while_they_change(room: AlertsRoom) -> None:
    for number in range(5):
        room.approve(f"a{number}", photos=(), expires=NOW + timedelta(days=9))
        room.later(seconds=number % 2)
    room.amend(2, "a0", photos=(), expires=NOW + timedelta(days=9))
    room.cancel("a3")
    held: dict[str, str] = {}
    query = "?max_results=2"
    while found := people(room, query):
        held |= {person["person_record_id"]: person["entry_date"] for person in found}
        last = found[-1]["entry_date"]
        query = f"?max_results=2&min_entry_date={last}&skip={sum(at == last for at in held.values())}"
    assert {name.rpartition("/")[2] for name in held} == {f"a{number}" for number in range(5)}
    assert people(room, f"?min_entry_date={max(held.values())}")


def test_a_child_whose_name_is_withheld_and_words_that_xml_cannot_write_are_well_formed(room: AlertsRoom) -> None:
    room.approve(child_name=None, sex="unknown", photos=(), texts=(AlertText("en", "a\x0b<b>", "&", "", "A"),))
    (person,) = people(room)
    assert person["full_name"] == "(name withheld)"
    assert "sex" not in person
    assert person["description"] == "a<b>\n\n&"


def test_exercises_are_only_there_if_asked_for_and_a_wrong_question_is_named(room: AlertsRoom) -> None:
    room.approve(status="Exercise", photos=())
    assert people(room) == []
    assert len(people(room, "?status=exercise")) == 1
    for query in ("skip=-1", "max_results=0", "min_entry_date=now", "region=SE"):
        answer = room.door.get(f"/v1/pfif?{query}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
