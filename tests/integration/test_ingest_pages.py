"""The families' pages without JavaScript: fill in, add photos, mend, send once, look how it stands."""

import io
import re
from typing import Any

import pytest
from familydoor import group, open_family_door, portrait
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.ingest.app import create_app
from services.ingest.handlers import family_message_sent
from services.ingest.models import Receipt, db
from services.ingest.worker import open_worker
from shared.config import Settings
from shared.envelope import parse, unseal
from shared.keys import b64, load_room_keys, seal_to
from shared.messages import FamilyMessageSent, ReportSubmitted

WRITTEN = {
    "child.name": "Alva Exempel", "child.born": "2015-04-01", "child.sex": "female",
    "last_seen.at.day": "2026-10-01", "last_seen.at.time": "10:00", "last_seen.place": "Järntorget",
    "last_seen.point": "57.70, 11.95", "reporter.name": "Kim", "reporter.relation": "mother",
    "reporter.phone": "+46 31 000 00 00", "consent": "yes",
}  # fmt: skip


@pytest.fixture
def door(settings: Settings) -> FlaskClient:
    return open_family_door(settings)


def post(client: FlaskClient, path: str, act: str, form: dict[str, str], *photos: bytes) -> TestResponse:
    parts: dict[str, Any] = form | {"act": act}
    files = [(io.BytesIO(data), f"photo{place}.jpg") for place, data in enumerate(photos)]
    return client.post(path, data=parts | {"photos": files}, content_type="multipart/form-data")


def hidden(page: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found
    return found[1]


def code_of(page: str) -> str:
    found = re.search(r'class="code"[^>]*>([^<]+)<', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/", "/report", "/sighting", "/case"])
@pytest.mark.parametrize(("language", "tag"), [("en", 'lang="en"'), ("zh", 'lang="zh-Hans"')])
def test_every_page_opens_in_both_languages(door: FlaskClient, path: str, language: str, tag: str) -> None:
    page = door.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert tag in page.text
    assert ("孩子" in page.text) == (language == "zh")
    assert page.headers["Cache-Control"] == "no-store"


def test_a_report_is_filled_in_sent_and_looked_at(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN
    sent = post(door, "/report", "send", form, portrait())
    assert sent.status_code == 200, sent.text
    standing = door.post("/case", data={"code": code_of(sent.text)})
    assert "We have your report. An officer will read it." in standing.text


def test_what_was_written_and_the_photos_are_kept_when_something_is_wrong(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN | {"child.born": "2999-01-01"}
    page = post(door, "/report", "send", form, portrait(), b"not an image")
    assert page.status_code == 422
    assert 'value="Alva Exempel"' in page.text
    assert "This date has not come yet" in page.text
    assert "photo1.jpg" in page.text
    assert page.text.count("data:image/jpeg;base64,") == 1
    mended = {"form": hidden(page.text)} | WRITTEN
    assert code_of(post(door, "/report", "send", mended).text)


def test_a_double_click_makes_one_report_with_one_code(door: FlaskClient, settings: Settings) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN
    first = post(door, "/report", "send", form, portrait())
    second = post(door, "/report", "send", form, portrait())
    assert code_of(first.text) == code_of(second.text)
    app = create_app(settings)
    with app.app_context():
        assert db.session.query(Receipt).count() == 1


def test_the_childs_face_is_chosen_among_several(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN
    page = post(door, "/report", "photos", form, group())
    assert "There are several faces" in page.text
    points = re.findall(r'name="(photo\.\w+\.face)" value="([^"]+)"', page.text)
    assert len(points) == 3
    chosen = form | {points[1][0]: points[1][1]}
    assert "We will look only at the face that you chose" in post(door, "/report", "photos", chosen).text


def test_each_photo_is_asked_for_its_day_or_age_and_says_how_useful_it_is(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN
    page = post(door, "/report", "photos", form, portrait()).text
    found = re.search(r'name="photo\.(\w+)\.taken"', page)
    assert found and f'name="photo.{found[1]}.age"' in page
    assert re.search(r"Useful for a comparison: 9\d of 100", page)
    wrong = {f"photo.{found[1]}.age": "200", f"photo.{found[1]}.taken": "2001-01-01"}
    page = post(door, "/report", "send", form | wrong).text
    for part in wrong:
        assert f'id="{part}-error"' in page, part
    sent = post(door, "/report", "send", form | {f"photo.{found[1]}.taken": "2024-05-01"})
    assert sent.status_code == 200, sent.text


def test_in_a_group_the_chosen_face_is_the_one_that_is_advised_upon(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/sighting").text)} | WRITTEN
    page = post(door, "/sighting", "photos", form, group(small=0.14)).text
    points = re.findall(r'name="(photo\.\w+\.face)" value="([^"]+)"', page)
    assert len(points) == 3 and "Useful for" not in page
    told = [post(door, "/sighting", "photos", form | dict([point])).text for point in points]
    assert ["too small to compare" in one or "small in this photo" in one for one in told] == [True, False, False]
    assert all("Useful for" in one for one in told)


def test_a_photo_can_be_taken_away_again(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN
    page = post(door, "/report", "photos", form, portrait())
    id_ = re.search(r'name="remove" value="(\w+)"', page.text)
    assert id_
    assert "data:image" not in post(door, "/report", "photos", form | {"remove": id_[1]}).text


def test_a_sighting_is_sent_from_the_page(door: FlaskClient) -> None:
    form = {
        "form": hidden(door.get("/sighting?alert=abc").text), "in_danger": "no", "seen_at.day": "2026-10-02",
        "seen_at.time": "09:30", "place": "Station", "point": "Västra Götaland", "note": "Alone",
    }  # fmt: skip
    assert "We have your sighting. Thank you." in post(door, "/sighting", "send", form).text


def test_an_officers_words_open_with_the_code_alone(door: FlaskClient, settings: Settings) -> None:
    form = {"form": hidden(door.get("/report").text)} | WRITTEN
    code = code_of(post(door, "/report", "send", form, portrait()).text)
    app, room = open_worker(settings)
    with app.app_context():
        rows = room.bus.outbox.rows
        envelope = parse(db.session.execute(rows.select()).one().envelope)
        report = unseal(envelope, load_room_keys(settings.home / "keys", "review"))
        assert isinstance(report, ReportSubmitted)
        sealed = b64(seal_to(report.family_key, b"We need one more photo."))
        with room.bus.work("m1") as work:
            family_message_sent(FamilyMessageSent(report.receipt_id, sealed, work.now), work)
    assert "We need one more photo." in door.post("/case", data={"code": code}).text
    assert b"one more photo" not in (settings.home / "ingest.sqlite").read_bytes()


def test_a_wrong_code_is_answered_calmly(door: FlaskClient) -> None:
    page = door.post("/case", data={"code": "AAAAA-AAAAA-AAAAA-AAAAA"})
    assert page.status_code == 422
    assert "compare" in page.text


def test_the_region_that_was_chosen_stays_chosen_while_other_things_are_mended(door: FlaskClient) -> None:
    vague = WRITTEN | {"last_seen.point": "Georgia"}
    asked = post(door, "/report", "send", vague, portrait())
    assert asked.status_code == 422 and '<option value="GE">' in asked.text
    chosen = vague | {"form": hidden(asked.text), "last_seen.region": "GE"}
    mend = post(door, "/report", "send", chosen | {"consent": ""})
    assert mend.status_code == 422 and '<option value="GE" selected>' in mend.text
    assert "We do not find this place" not in mend.text
    assert post(door, "/report", "send", chosen).status_code == 200


def test_what_is_to_mend_is_named_in_the_order_of_the_form(door: FlaskClient) -> None:
    page = post(door, "/report", "send", {}).text
    summary = page[page.index('class="errors"') : page.index("<form")]
    assert re.findall('href="#([^"]+)"', summary) == [
        "child.name", "child.born", "child.sex", "photos", "last_seen.at", "last_seen.place", "last_seen.point",
        "reporter.name", "reporter.relation", "reporter.phone", "consent",
    ]  # fmt: skip
    assert "your best guess" in summary


def test_a_form_read_in_the_other_language_keeps_what_is_written_and_the_photos(door: FlaskClient) -> None:
    first = post(door, "/report", "photos", WRITTEN, portrait())
    answer = post(door, "/report?lang=zh", "language", WRITTEN | {"form": hidden(first.text)})
    assert answer.status_code == 200 and 'lang="zh-Hans"' in answer.text
    assert 'value="Alva Exempel"' in answer.text and 'class="kept-photo"' in answer.text
    assert 'class="errors"' not in answer.text


def test_the_tracking_code_is_still_there_in_the_other_language(door: FlaskClient) -> None:
    sent = post(door, "/report", "send", WRITTEN, portrait())
    again = post(door, "/report?lang=zh", "language", {"form": hidden(sent.text)})
    assert 'lang="zh-Hans"' in again.text and code_of(again.text) == code_of(sent.text)
    case = door.post("/case?lang=en", data={"code": code_of(sent.text), "act": "language"})
    assert case.status_code == 200 and f'name="code" value="{code_of(sent.text)}"' in case.text
    assert door.post("/case?lang=zh", data={"code": "", "act": "language"}).status_code == 200


def test_each_bad_photo_has_a_line_of_its_own(door: FlaskClient) -> None:
    page = post(door, "/report", "photos", WRITTEN, b"text", b"").text
    assert "photo0.jpg: This is not a picture" in page and "\nphoto1.jpg: This file is empty" in page
