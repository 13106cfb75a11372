"""A picture that came before is marked at the desk: with the case's number for those who may read it, never refused."""

import io
from datetime import timedelta

import pytest
from desk import BERLIN, PARIS, Desk, Officer, portrait
from PIL import Image
from sqlalchemy import update

from services.review import repeats
from services.review.models import db
from services.review.photo_models import Photo
from shared.config import Settings
from shared.messages import ReportPhoto

CHILD = portrait("person_a_1")


def saved_anew(data: bytes) -> bytes:
    """The same picture, half as wide and with a coarser JPEG."""
    picture, out = Image.open(io.BytesIO(data)), io.BytesIO()
    picture.resize((picture.width // 2, picture.height // 2)).save(out, "JPEG", quality=40)
    return out.getvalue()


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


@pytest.fixture
def officer(desk: Desk) -> Officer:
    return desk.officer("Marie", "reviewer")


def test_a_picture_that_came_before_is_marked_and_leads_to_its_case(desk: Desk, officer: Officer) -> None:
    first = desk.report(pictures=[CHILD])
    again = desk.report(name="Somebody Else", pictures=[saved_anew(CHILD), portrait("person_b_1")])
    page = officer.get(f"/cases/{again}").text
    assert page.count("this picture came before") == 1 and f'href="/cases/{first}">First with case' in page
    assert "this picture came again" in officer.get(f"/cases/{first}").text
    (told,) = officer.get(f"/api/v1/cases/{again}").json["repeats"]  # type: ignore[index]
    assert (told["before"], told["others"], told["case"], told["sighting"]) == (True, 1, first, None)
    desk.sighted(picture=CHILD)
    sightings = officer.get("/sightings").text
    assert f'href="/cases/{first}">First with case' in sightings
    assert "In 2 other reports and sightings." in sightings


def test_where_an_officer_may_not_read_the_first_it_is_told_only_that_there_is_one(desk: Desk) -> None:
    first = desk.report(pictures=[CHILD], place=BERLIN)
    again = desk.report(pictures=[CHILD], place=PARIS)
    page = desk.officer("Marie", "reviewer").get(f"/cases/{again}").text
    assert "First with a report that you may not read" in page and first not in page


def test_a_family_that_sends_one_picture_twice_or_a_like_child_is_not_marked(desk: Desk, officer: Officer) -> None:
    case = desk.report(pictures=[CHILD, saved_anew(CHILD)])
    desk.amended(case, photos=(ReportPhoto(desk.handed_over(saved_anew(CHILD))),), kind="facts", fact=None)
    desk.report(pictures=[portrait("person_a_2")])
    assert "this picture came" not in officer.get(f"/cases/{case}").text


def test_a_flood_of_one_picture_is_seen_at_a_glance_and_outlives_the_end_of_its_first(
    desk: Desk, officer: Officer
) -> None:
    first, *_ = [desk.report(pictures=[CHILD]) for _ in range(4)]
    officer.act(f"cases/{first}/start")
    officer.act(f"cases/{first}/reject", {"reason": "no child is missing", "message": "We close this."})
    assert "Rejected" in officer.get(f"/cases/{first}").text
    last = desk.report(pictures=[CHILD])
    assert "In 4 other reports and sightings." in officer.get(f"/cases/{last}").text


def test_the_database_alone_tells_nothing_of_a_picture(desk: Desk) -> None:
    for _ in range(2):
        desk.report(pictures=[CHILD])
    with desk.app.app_context():
        one, other = db.session.query(Photo.picture_print)
    assert one != other and len(one[0]) == len(other[0]) == 8 + 24 + 16


def test_after_ninety_days_a_print_is_forgotten(desk: Desk, officer: Officer) -> None:
    desk.report(pictures=[CHILD])
    with desk.app.app_context():
        past = desk.tools.room.clock() - repeats.KEPT_FOR - timedelta(minutes=1)
        db.session.execute(update(Photo).values(printed_at=past))
        db.session.commit()
        repeats.tidy(desk.tools)
        assert db.session.query(Photo).filter(Photo.picture_print.is_not(None)).count() == 0
    again = desk.report(pictures=[CHILD])
    assert "this picture came" not in officer.get(f"/cases/{again}").text
