"""An officer marks faces in a photo: what is marked is searched or enrolled, by keyboard-only forms or as JSON, and
every mark is on the record."""

import re
from html import unescape
from typing import Any

import pytest
from desk import Desk, Officer

from services.review.candidates import closing
from services.review.candidates import handlers as candidates
from services.review.candidates.models import Search, Sighting
from services.review.cases import handlers as cases
from services.review.cases.models import Case
from services.review.models import db
from services.review.photo_models import Photo
from shared import messages as m
from shared.config import Settings
from shared.envelope import parse, unseal
from shared.keys import load_room_keys

FOUND = ((0.1, 0.2, 0.2, 0.2), (0.4, 0.2, 0.2, 0.2), (0.7, 0.2, 0.2, 0.2))
LEFT, MIDDLE, RIGHT = (0.2, 0.3), (0.5, 0.3), (0.8, 0.3)


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


def searched(desk: Desk, found: Any = FOUND, **sighting: Any) -> str:
    """A sighting whose one photo the matcher has looked at; answers the photo's id."""
    photo = desk.photos_of(sighting_id=desk.sighting(**sighting))[0]
    with desk.app.app_context():
        search = db.session.query(Search).filter_by(photo_id=photo).one().id
    desk.handle(candidates.search_completed, m.SearchCompleted(search, len(found), bool(found), (), tuple(found)))
    return photo


def several(desk: Desk, case_id: str) -> str:
    """One of a registered case's photos turns out to show three people; answers its id."""
    photo = desk.photos_of(case_id=case_id)[1]
    with desk.app.app_context():
        key = str(db.session.get(Case, case_id).case_key)  # type: ignore[union-attr]
    answer = m.PhotoEnrolled(photo, "several_faces", found=FOUND)
    desk.handle(cases.enrol_completed, m.EnrolCompleted(key, (answer,)))
    return photo


def sent(desk: Desk, kind: type[m.Message]) -> list[Any]:
    """The messages of a kind that the desk sent, oldest first."""
    with desk.app.app_context():
        rows = desk.tools.room.bus.outbox.rows
        envelopes = [parse(text) for (text,) in db.session.query(rows.c.envelope).order_by(rows.c.position)]
    of_kind = [envelope for envelope in envelopes if envelope.type == kind.__name__]
    keys = {envelope.receiver: load_room_keys(desk.settings.home / "keys", envelope.receiver) for envelope in of_kind}
    return [unseal(envelope, keys[envelope.receiver]) for envelope in of_kind]


def page(officer: Officer, photo: str) -> str:
    answer = officer.get(f"/photos/{photo}")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_the_page_shows_every_face_with_its_number_and_which_is_marked(desk: Desk) -> None:
    shown = page(desk.officer("Ada"), searched(desk))
    boxes = re.findall(r'type="checkbox" name="face" value="([^"]+)"( checked)?', shown)
    assert boxes == [("0.2,0.3", ""), ("0.5,0.3", " checked"), ("0.8,0.3", "")]
    assert shown.count("<rect") == 3 and "1 of 3 faces searched" in shown


def test_what_an_officer_marks_is_searched_under_the_officers_name_with_the_age_that_was_told(desk: Desk) -> None:
    officer, photo = desk.officer("Ada"), searched(desk)
    answer = officer.client.post(f"/photos/{photo}/faces", data={"face": ["0.2,0.3", "0.8,0.3"], "age": "11,5"})
    assert (answer.status_code, answer.location) == (303, f"/photos/{photo}?done=marked")
    asked = sent(desk, m.SearchAsked)[-1]
    assert (asked.photo_id, asked.purpose) == (photo, "sighting_triage") and asked.actor != "public"
    desk.handle(candidates.search_asked, asked)
    request = sent(desk, m.SearchRequested)[-1]
    assert (request.faces, request.probe_age) == ((LEFT, RIGHT), 11.5)
    assert "being searched" in page(officer, photo)


def test_each_mark_is_on_the_record(desk: Desk) -> None:
    officer, supervisor = desk.officer("Ada"), desk.officer("Eve", "supervisor")
    photo = searched(desk)
    marked = officer.act(f"photos/{photo}/faces", {"faces": [LEFT], "age": 9})
    assert (marked["faces"], marked["age"]) == ([list(LEFT)], 9)
    (entry,) = [row for row in supervisor.read("audit")["entries"] if row["act"] == "photo.mark"]
    assert (entry["subject"]["id"], entry["text"]) == (photo, "1 faces marked, about 9 years old")
    assert "1 face, about 9 years old" in unescape(supervisor.get("/audit").get_data(as_text=True))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"faces": []}, "nothing_marked"), ({"faces": [(0.5, 0.9)]}, "no_face_there"),
        ({"faces": [LEFT, (7.0, 7.0)]}, "no_face_there"), ({"faces": [LEFT], "age": -1}, "bad_age"),
    ],
)  # fmt: skip
def test_a_mark_must_be_on_a_face_and_an_age_an_age(desk: Desk, body: dict[str, Any], reason: str) -> None:
    officer, photo = desk.officer("Ada"), searched(desk)
    before = len(sent(desk, m.SearchAsked))
    assert officer.refused(f"photos/{photo}/faces", body) == (409, reason)
    assert len(sent(desk, m.SearchAsked)) == before
    assert [row["act"] for row in desk.officer("Eve", "supervisor").read("audit")["entries"] if row["refused"]] == [
        "photo.mark"
    ]


@pytest.mark.parametrize("form", [{}, {"face": "x"}, {"face": "1,2,3"}, {"face": "0.2,0.3", "age": "old"}])
def test_a_form_that_cannot_be_read_is_shown_again_with_the_reason(desk: Desk, form: dict[str, str]) -> None:
    officer, photo = desk.officer("Ada"), searched(desk)
    answer = officer.client.post(f"/photos/{photo}/faces", data=form)
    assert answer.status_code == 409 and "This was not done" in answer.get_data(as_text=True)


def test_only_reviewers_of_the_region_mark(desk: Desk) -> None:
    photo = searched(desk)
    assert desk.officer("Ina", "intake_officer").refused(f"photos/{photo}/faces", {"faces": [LEFT]})[0] == 403
    stranger = desk.officer("Bea", regions=("DE",))
    assert stranger.refused(f"photos/{photo}/faces", {"faces": [LEFT]}) == (403, "not_permitted")
    assert stranger.get(f"/photos/{photo}").status_code == 403
    assert "A reviewer can mark faces" in page(desk.officer("Ivo", "intake_officer"), photo)


def test_a_photo_without_a_face_and_one_not_looked_at_yet_say_so(desk: Desk) -> None:
    officer = desk.officer("Ada")
    assert "No face was found" in page(officer, searched(desk, ()))
    waiting = desk.photos_of(sighting_id=desk.sighting())[0]
    assert "has not looked for faces yet" in page(officer, waiting)
    assert officer.refused(f"photos/{waiting}/faces", {"faces": [LEFT]}) == (409, "no_face_there")
    listed = unescape(officer.get("/sightings").get_data(as_text=True))
    assert "no face found" in listed and "being searched" in listed


def test_a_refused_search_says_why(desk: Desk) -> None:
    photo = desk.photos_of(sighting_id=desk.sighting())[0]
    with desk.app.app_context():
        search = db.session.query(Search).filter_by(photo_id=photo).one().id
    desk.handle(candidates.search_refused, m.SearchRefused(search, "unreadable"))
    officer = desk.officer("Ada")
    assert "not searched: the picture cannot be read" in unescape(officer.get("/sightings").get_data(as_text=True))


def test_marks_keep_a_sighting_until_its_search_is_answered(desk: Desk) -> None:
    officer, photo = desk.officer("Ada"), searched(desk)
    with desk.app.app_context():
        assert db.session.query(Sighting).one().expires_at is not None
    officer.act(f"photos/{photo}/faces", {"faces": [LEFT]})
    with desk.app.app_context():
        assert db.session.query(Sighting).one().expires_at is None


def test_the_child_is_marked_among_several_in_a_cases_photo_and_the_case_is_enrolled_with_it(desk: Desk) -> None:
    officer = desk.officer("Ada")
    case_id = desk.registered(officer)
    photo = several(desk, case_id)
    case = unescape(officer.get(f"/cases/{case_id}").get_data(as_text=True))
    assert "several faces, none marked" in case and f"/photos/{photo}" in case
    assert page(officer, photo).count('type="radio" name="face"') == 3
    assert officer.refused(f"photos/{photo}/faces", {"faces": [LEFT, RIGHT]}) == (409, "one_child")
    assert officer.act(f"photos/{photo}/faces", {"faces": [MIDDLE]})["face"] == list(MIDDLE)
    desk.handle(cases.enrolment_asked, sent(desk, m.EnrolmentAsked)[-1])
    faces = {asked.photo_id: asked.face for asked in sent(desk, m.EnrolRequested)[-1].photos}
    assert len(faces) == 2 and faces[photo] == MIDDLE


def test_a_photo_that_is_enrolled_already_is_not_marked_anew(desk: Desk) -> None:
    officer = desk.officer("Ada")
    photo = desk.photos_of(case_id=desk.registered(officer))[0]
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        work.session.get(Photo, photo).found = [list(box) for box in FOUND]  # type: ignore[union-attr]
    assert officer.refused(f"photos/{photo}/faces", {"faces": [LEFT]}) == (409, "already_enrolled")


def test_an_erased_photo_is_gone_and_so_is_where_its_faces_were(desk: Desk) -> None:
    officer, photo = desk.officer("Ada"), searched(desk)
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        closing.forget_sighting(work, desk.tools, work.session.query(Sighting).one())
    with desk.app.app_context():
        assert db.session.get(Photo, photo).found is None  # type: ignore[union-attr]
    supervisor = desk.officer("Eve", "supervisor")
    assert supervisor.refused(f"photos/{photo}/faces", {"faces": [LEFT]}) == (409, "erased")
    assert officer.get("/photos/nosuchphoto").status_code == 404
