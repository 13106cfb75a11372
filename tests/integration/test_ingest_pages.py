"""The families' pages without JavaScript: fill in, add photos, mend, send once, look how it stands."""

import io
import re
from typing import Any

import pytest
from familydoor import code_of, group, open_family_door, portrait, send_report
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.ingest.handlers import family_message_sent
from services.ingest.models import db
from services.ingest.worker import open_worker
from shared.config import Settings
from shared.envelope import parse, unseal
from shared.keys import b64, load_room_keys, seal_to
from shared.messages import FamilyMessageSent, ReportSubmitted

SEEN = {
    "in_danger": "no", "seen_at.day": "2026-10-02", "seen_at.time": "09:30", "place": "Station",
    "point": "57.70, 11.95", "note": "Alva Exempel, alone",
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


@pytest.mark.parametrize("path", ["/", "/report", "/report/child", "/report/resume", "/sighting", "/case"])
@pytest.mark.parametrize(("language", "tag"), [("en", 'lang="en"'), ("zh", 'lang="zh-Hans"')])
def test_every_page_opens_in_both_languages(door: FlaskClient, path: str, language: str, tag: str) -> None:
    page = door.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert tag in page.text
    assert ("孩子" in page.text) == (language == "zh")
    assert page.headers["Cache-Control"] == "no-store"


def test_in_a_group_the_chosen_face_is_the_one_that_is_advised_upon(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/sighting").text)} | SEEN
    page = post(door, "/sighting", "photos", form, group(small=0.14)).text
    points = re.findall(r'name="(photo\.\w+\.face)" value="([^"]+)"', page)
    assert len(points) == 3 and "Useful for" not in page
    told = [post(door, "/sighting", "photos", form | dict([point])).text for point in points]
    assert ["too small to compare" in one or "small in this photo" in one for one in told] == [True, False, False]
    assert all("Useful for" in one for one in told)


def test_a_photo_can_be_taken_away_again(door: FlaskClient) -> None:
    form = {"form": hidden(door.get("/sighting").text)} | SEEN
    page = post(door, "/sighting", "photos", form, portrait())
    id_ = re.search(r'name="remove" value="(\w+)"', page.text)
    assert id_
    assert "data:image/jpeg" not in post(door, "/sighting", "photos", form | {"remove": id_[1]}).text


def test_a_sighting_is_sent_from_the_page(door: FlaskClient) -> None:
    form = {
        "form": hidden(door.get("/sighting?alert=abc").text), "in_danger": "no", "seen_at.day": "2026-10-02",
        "seen_at.time": "09:30", "place": "Station", "point": "Västra Götaland", "note": "Alone",
    }  # fmt: skip
    assert "We have your sighting. Thank you." in post(door, "/sighting", "send", form).text


def test_an_officers_words_open_with_the_code_alone(door: FlaskClient, settings: Settings) -> None:
    code = send_report(door)
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


def test_a_form_read_in_the_other_language_keeps_what_is_written_and_the_photos(door: FlaskClient) -> None:
    first = post(door, "/sighting", "photos", SEEN, portrait())
    answer = post(door, "/sighting?lang=zh", "language", SEEN | {"form": hidden(first.text)})
    assert answer.status_code == 200 and 'lang="zh-Hans"' in answer.text
    assert "Alva Exempel, alone" in answer.text and 'class="kept-photo"' in answer.text
    assert 'class="errors"' not in answer.text


def test_the_tracking_code_is_still_there_in_the_other_language(door: FlaskClient) -> None:
    sent = post(door, "/sighting", "send", SEEN, portrait())
    again = post(door, "/sighting?lang=zh", "language", {"form": hidden(sent.text)})
    assert 'lang="zh-Hans"' in again.text and code_of(again.text) == code_of(sent.text)
    case = door.post("/case?lang=en", data={"code": code_of(sent.text), "act": "language"})
    assert case.status_code == 200 and f'name="code" value="{code_of(sent.text)}"' in case.text
    assert door.post("/case?lang=zh", data={"code": "", "act": "language"}).status_code == 200


def test_each_bad_photo_has_a_line_of_its_own(door: FlaskClient) -> None:
    page = post(door, "/sighting", "photos", SEEN, b"text", b"").text
    assert "photo0.jpg: This is not a picture" in page and "\nphoto1.jpg: This file is empty" in page
