"""The families' door's JSON API: what is good is sealed and answered, what is bad is named, and nothing is a 5xx."""

import sqlite3
from typing import Any

import pytest
from familydoor import REPORT, SIGHTING, bomb, group, open_family_door, plain, portrait, send, spoilt
from flask.testing import FlaskClient

from shared.config import Settings
from shared.envelope import parse, unseal
from shared.errors import Refused
from shared.keys import load_room_keys
from shared.messages import ReportSubmitted, SightingSubmitted

GOOD = ("me.jpg", portrait())


@pytest.fixture
def door(settings: Settings) -> FlaskClient:
    return open_family_door(settings)


def envelopes(settings: Settings) -> list[str]:
    with sqlite3.connect(settings.home / "ingest.sqlite") as database:
        return [text for (text,) in database.execute("SELECT envelope FROM outbox ORDER BY position")]


def test_a_report_is_answered_with_a_tracking_code_that_opens_its_status(door: FlaskClient) -> None:
    answer = send(door, "report", REPORT, GOOD)
    assert answer.status_code == 202
    code = answer.get_json()["tracking_code"]
    status = door.get("/api/v1/case", headers={"Authorization": f"Bearer {code.lower().replace('-', ' ')}"})
    assert status.get_json()["status"] == "received"


def test_what_was_sent_can_be_read_by_the_police_desk_and_not_by_the_door(
    door: FlaskClient, settings: Settings
) -> None:
    assert send(door, "report", REPORT, GOOD).status_code == 202
    envelope = parse(envelopes(settings)[0])
    report = unseal(envelope, load_room_keys(settings.home / "keys", "review"))
    assert isinstance(report, ReportSubmitted)
    assert report.child.name == "Secret Näme"
    with pytest.raises(Refused, match="unsealable"):
        unseal(envelope, load_room_keys(settings.home / "keys", "ingest"))


def test_no_file_of_the_door_holds_a_name_or_a_picture_in_plain(door: FlaskClient, settings: Settings) -> None:
    code = send(door, "report", REPORT, GOOD).get_json()["tracking_code"]
    for file in settings.home.rglob("*"):
        if file.is_file() and file.parent.name != "keys":
            data = file.read_bytes()
            for secret in ("Secret Näme".encode(), b"Kim Reporter", code.encode(), b"\xff\xd8\xff\xe0", b"JFIF"):
                assert secret not in data, file


def test_a_sighting_without_a_photo_is_taken(door: FlaskClient, settings: Settings) -> None:
    assert send(door, "sighting", SIGHTING | {"photos": []}).status_code == 202
    message = unseal(parse(envelopes(settings)[0]), load_room_keys(settings.home / "keys", "review"))
    assert isinstance(message, SightingSubmitted)
    assert message.photos == ()


def test_a_photo_of_a_sighting_carries_its_marks_and_the_age_that_the_sender_guesses(
    door: FlaskClient, settings: Settings
) -> None:
    body = SIGHTING | {"photos": [{"faces": [[0.5, 0.4]], "age": 11.5}]}
    answer = send(door, "sighting", body, ("group.jpg", group()))
    assert answer.status_code == 202
    (told,) = answer.get_json()["photos"]
    assert told["quality"] > 50 and told["advice"] == "marked"
    message = unseal(parse(envelopes(settings)[0]), load_room_keys(settings.home / "keys", "review"))
    assert isinstance(message, SightingSubmitted)
    assert [(photo.faces, photo.age) for photo in message.photos] == [(((0.5, 0.4),), 11.5)]


BAD_FILES = [
    ("notes.txt", b"not an image", "not_an_image"),
    ("fake.jpg", b"\xff\xd8\xff\xe0" + b"junk" * 100, "not_an_image"),
    ("empty.jpg", b"", "empty"),
    ("dot.png", plain(1, 1), "too_small"),
    ("bomb.png", bomb(), "too_many_pixels"),
    ("half.jpg", portrait()[: len(portrait()) // 2], "damaged"),
    ("anim.gif", plain(200, 200, "GIF"), "not_an_image"),
]


@pytest.mark.parametrize(("name", "data", "code"), BAD_FILES, ids=[case[0] for case in BAD_FILES])
@pytest.mark.parametrize("kind", ["report", "sighting"])
def test_a_bad_file_is_named_with_its_reason(door: FlaskClient, kind: str, name: str, data: bytes, code: str) -> None:
    body = spoilt(REPORT if kind == "report" else SIGHTING, "photos", None)
    answer = send(door, kind, spoilt(body, "photos", ...), GOOD, (name, data))
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    (error,) = answer.get_json()["errors"]
    assert (error["pointer"], error["file"], error["code"]) == ("#/photos/1", name, code)
    assert len(error["detail"]) > 20


@pytest.mark.parametrize(
    ("data", "faces", "advice"), [(plain(300, 300, "JPEG"), 0, "no_face"), (group(), 3, "several_faces")]
)
def test_a_photo_without_one_clear_face_is_taken_with_advice(
    door: FlaskClient, data: bytes, faces: int, advice: str
) -> None:
    answer = send(door, "report", REPORT, ("photo.jpg", data))
    assert answer.status_code == 202
    (photo,) = answer.get_json()["photos"]
    assert (len(photo["faces"]), photo["advice"]) == (faces, advice)


def test_twenty_one_photos_are_too_many_for_a_report_eleven_for_a_sighting_and_none_too_few(door: FlaskClient) -> None:
    body = spoilt(REPORT, "photos", ...)
    (fault,) = send(door, "report", body, *[GOOD] * 21).get_json()["errors"]
    assert fault["code"] == "too_many_photos" and "20 photos" in fault["detail"]
    (fault,) = send(door, "sighting", spoilt(SIGHTING, "photos", ...), *[GOOD] * 11).get_json()["errors"]
    assert fault["code"] == "too_many_photos" and "10 photos" in fault["detail"]
    assert send(door, "report", spoilt(body, "language", "en")).get_json()["errors"][0]["code"] == "no_photos"


BAD_REPORTS: list[tuple[str, Any, str]] = [
    ("child/name", ..., "#/child/name"),
    ("child/name", "", "#/child/name"),
    ("child/name", "x" * 100_000, "#/child/name"),
    ("child/name", 7, "#/child/name"),
    ("child/born", "2999-01-01", "#/child/born"),
    ("child/born", "yesterday", "#/child/born"),
    ("child/born", "1990-01-01", "#/child/born"),
    ("child/sex", "other", "#/child/sex"),
    ("last_seen/at", "2014-01-01T00:00:00+00:00", "#/last_seen/at"),
    ("last_seen/at", "2999-01-01T00:00:00+00:00", "#/last_seen/at"),
    ("last_seen/lat", 91, "#/last_seen/lat"),
    ("last_seen/lon", -181, "#/last_seen/lon"),
    ("last_seen/lat", "NaN", "#/last_seen/lat"),
    ("last_seen/circumstances", "y" * 100_000, "#/last_seen/circumstances"),
    ("reporter/phone", None, "#/reporter/phone"),
    ("consent", False, "#/consent"),
    ("consent", ..., "#/consent"),
    ("language", "tlh", "#/language"),
    ("photos", [{"face": [2, 2]}], "#/photos/0/face"),
    ("surprise", 1, "#/surprise"),
    ("child", "Alva", "#/child"),
]


@pytest.mark.parametrize(("path", "value", "pointer"), BAD_REPORTS)
def test_a_bad_field_is_pointed_at(door: FlaskClient, path: str, value: Any, pointer: str) -> None:
    answer = send(door, "report", spoilt(REPORT, path, value), GOOD)
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.get_json()["errors"]]
    assert any(found == pointer or found.startswith(pointer) for found in pointers), pointers


def test_emoji_and_every_script_are_kept_as_written(door: FlaskClient, settings: Settings) -> None:
    name = "小明 👧🏽 Ñandú عمر"
    assert send(door, "report", spoilt(REPORT, "child/name", name), GOOD).status_code == 202
    report = unseal(parse(envelopes(settings)[0]), load_room_keys(settings.home / "keys", "review"))
    assert isinstance(report, ReportSubmitted)
    assert report.child.name == name


@pytest.mark.parametrize("text", ["{", "[]", "null", '"x"', "[" * 100_000])
def test_what_is_no_json_object_is_refused(door: FlaskClient, text: str) -> None:
    assert send(door, "report", text, GOOD).status_code == 422


def test_a_request_sent_twice_under_one_key_makes_one_report(door: FlaskClient, settings: Settings) -> None:
    import io
    import json

    def once() -> str:
        parts = {"report": json.dumps(REPORT), "photos": (io.BytesIO(GOOD[1]), "me.jpg")}
        answer = door.post("/api/v1/reports", data=parts, headers={"Idempotency-Key": "a" * 32})
        return str(answer.get_json()["tracking_code"])

    assert once() == once()
    assert len(envelopes(settings)) == 1


def test_guessing_codes_is_slowed_down(door: FlaskClient) -> None:
    answers = [door.get("/api/v1/case", headers={"Authorization": "Bearer AAAAA"}) for _ in range(8)]
    assert [answer.status_code for answer in answers[:5]] == [404] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_code_is_asked_for(door: FlaskClient) -> None:
    assert door.get("/api/v1/case").status_code == 401


def test_too_large_a_request_is_refused_before_it_is_read(door: FlaskClient) -> None:
    environ = {"CONTENT_LENGTH": str(300 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = door.post("/api/v1/reports", environ_overrides=environ)
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
