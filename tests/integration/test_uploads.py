"""Photos in pieces at the families' door (tus 1.0.0): gone on with after a cut, sealed until whole."""

import io
import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from familydoor import fill_in, open_family_door, plain, portrait, post_step
from flask.testing import FlaskClient
from PIL import ExifTags, Image
from werkzeug.test import TestResponse

from services.ingest.models import Upload, db
from services.ingest.worker import open_worker, sweep
from shared.config import Settings

PHOTOS = "/report/uploads"
BYTES = "application/offset+octet-stream"


@pytest.fixture
def door(settings: Settings) -> FlaskClient:
    client = open_family_door(settings)
    fill_in(client, until="photos")
    return client


def begin(door: FlaskClient, length: int) -> TestResponse:
    return door.post(PHOTOS, headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(length)})


def add(door: FlaskClient, address: str, offset: int, data: bytes, **more: object) -> TestResponse:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
    return door.patch(address, headers=headers, data=data, content_type=BYTES, **more)


def offset(door: FlaskClient, address: str) -> int:
    return int(door.head(address).headers["Upload-Offset"])


def with_origin() -> bytes:
    """A portrait whose file says when and where it was taken."""
    image, out = Image.open(io.BytesIO(portrait())), io.BytesIO()
    exif = image.getexif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2024:05:03 10:11:12"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (57.0, 42.0, 0.0), 3: "E", 4: (11.0, 58.0, 0.0)})
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_cut_at_each_tenth_it_goes_on_where_it_stopped(door: FlaskClient) -> None:
    data = portrait()
    address = begin(door, len(data)).headers["Location"]
    cuts = [len(data) * tenth // 10 for tenth in range(11)]
    for start, end in itertools.pairwise(cuts):
        assert offset(door, address) == start
        answer = add(door, address, start, data[start:end])
        assert answer.status_code == 204 and int(answer.headers["Upload-Offset"]) == end
    assert offset(door, address) == len(data)
    shown = door.get(f"/report/photos/{address.rsplit('/', 1)[1]}")
    assert "The face is clear" in shown.text and shown.text.count("data:image/jpeg") == 1
    assert door.get("/report/photos").text.count('class="kept-photo"') == 1


def test_a_line_that_breaks_within_a_piece_loses_none_of_what_had_come(door: FlaskClient) -> None:
    data = portrait()
    address = begin(door, len(data)).headers["Location"]
    half = len(data) // 2
    broken = {"input_stream": io.BytesIO(data[:half]), "content_length": len(data)}
    door.patch(address, headers={"Upload-Offset": "0"}, content_type=BYTES, **broken)
    assert offset(door, address) == half
    assert add(door, address, half, data[half:]).status_code == 204
    assert door.get("/report/photos").text.count('class="kept-photo"') == 1


def test_asked_again_after_the_last_answer_was_lost_it_is_still_one_photo(door: FlaskClient) -> None:
    data = portrait()
    address = begin(door, len(data)).headers["Location"]
    add(door, address, 0, data)
    assert add(door, address, 0, data).status_code == 409
    assert offset(door, address) == len(data)
    assert door.get("/report/photos").text.count('class="kept-photo"') == 1


def test_half_a_photo_is_sealed_and_only_its_own_report_reaches_it(door: FlaskClient, settings: Settings) -> None:
    data = portrait()
    address = begin(door, len(data)).headers["Location"]
    add(door, address, 0, data[:5000])
    stored = [path.read_bytes() for path in settings.home.rglob("*") if path.is_file()]
    assert not any(data[1000:1100] in one for one in stored)
    door.post("/report")
    fill_in(door, until="photos")
    assert door.head(address).status_code == 404
    assert add(door, address, 5000, data[5000:]).status_code == 404
    door.post("/report/forget")
    assert door.head(address).status_code == 403


@pytest.mark.parametrize("data", [b"<?php echo 1; ?>", b"<svg onload='alert(1)'/>", b"\0" * 100, portrait()[:3000]])
def test_what_is_no_picture_is_refused_when_it_is_whole_and_leaves_nothing(
    door: FlaskClient, settings: Settings, data: bytes
) -> None:
    address = begin(door, len(data)).headers["Location"]
    answer = add(door, address, 0, data)
    assert answer.status_code == 422
    assert "picture" in answer.text or "not whole" in answer.text
    assert door.head(address).status_code == 404
    assert not [path for path in (settings.home / "blobs").rglob("*") if path.is_file()]


def test_what_does_not_fit_is_refused_before_it_comes(door: FlaskClient) -> None:
    assert begin(door, 21 * 1024 * 1024).status_code == 413
    assert begin(door, 0).status_code == 413
    assert door.post(PHOTOS, headers={"Upload-Length": "many"}).status_code == 400
    address = begin(door, 10).headers["Location"]
    assert add(door, address, 0, b"eleven bytes").status_code == 413
    assert door.patch(address, headers={"Upload-Offset": "0"}, data=b"x").status_code == 415
    started = [begin(door, 10).status_code for _ in range(10)]
    assert started == [201] * 9 + [429]


def test_the_eleventh_photo_is_told_why(door: FlaskClient) -> None:
    post_step(door, "photos", {}, *[plain(64, 64)] * 10)
    data = portrait()
    answer = add(door, begin(door, len(data)).headers["Location"], 0, data)
    assert answer.status_code == 422 and "We can take 10 photos" in answer.text


def test_a_photo_that_was_called_off_is_gone(door: FlaskClient, settings: Settings) -> None:
    address = begin(door, 1000).headers["Location"]
    add(door, address, 0, b"x" * 500)
    assert door.delete(address).status_code == 204 and door.head(address).status_code == 404
    assert not [path for path in (settings.home / "blobs").rglob("*") if path.is_file()]


def test_what_was_left_half_way_is_swept_after_a_day(door: FlaskClient, settings: Settings) -> None:
    add(door, begin(door, 1000).headers["Location"], 0, b"x" * 500)
    app, room = open_worker(settings)
    with app.app_context():
        later = room.clock() + timedelta(days=1, minutes=1)
        room.bus.clock = lambda: later
        sweep(replace(room, clock=room.bus.clock))
        assert db.session.query(Upload).count() == 0
    assert not [path for path in (settings.home / "blobs").rglob("*") if path.is_file()]


def test_the_day_in_a_photos_file_is_offered_and_used_only_when_asked(door: FlaskClient) -> None:
    data = with_origin()
    address = begin(door, len(data)).headers["Location"]
    add(door, address, 0, data)
    page = door.get("/report/photos").text
    assert "taken on 3 May 2024, in Västra Götaland" in page or "May 3, 2024, in " in page
    assert 'value="2024-05-03"' not in page
    post_step(door, "photos", {"use": address.rsplit("/", 1)[1]})
    assert 'value="2024-05-03"' in door.get("/report/photos").text


def test_the_door_says_what_it_speaks(door: FlaskClient) -> None:
    said = door.options(PHOTOS).headers
    assert said["Tus-Version"] == "1.0.0" and said["Tus-Extension"] == "creation,termination"
