"""The report in steps, without JavaScript: saved as it goes, left and gone on with, sent once, read by nobody else."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from familydoor import WRITTEN, code_of, fill_in, group, hidden, open_family_door, portrait, post_step, send_report
from flask.testing import FlaskClient
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from sqlalchemy import select

from services.ingest import drafts
from services.ingest.app import create_app
from services.ingest.draftkey import DraftKey, read_pass
from services.ingest.models import Draft, KeptPhoto, Receipt, db
from services.ingest.worker import open_worker, sweep
from shared.config import Settings
from shared.keys import load_room_keys


@pytest.fixture
def door(settings: Settings) -> FlaskClient:
    return open_family_door(settings)


def elsewhere(settings: Settings) -> FlaskClient:
    """Another device."""
    return create_app(settings).test_client()


def rows(settings: Settings, table: type) -> list[object]:
    with create_app(settings).app_context():
        return list(db.session.scalars(select(table)))


def summary(page: str) -> list[str]:
    """Where the lines of the error summary lead."""
    return re.findall(
        'href="([^"]+)"', page[page.index('class="errors"') : page.index("</ul>", page.index('class="errors"'))]
    )


def test_a_report_is_written_step_by_step_and_sent(door: FlaskClient) -> None:
    code = send_report(door)
    sent = door.get("/report/sent")
    assert code_of(sent.text) == code and "officer on call is told" in sent.text
    assert "We have your report. An officer will read it." in door.post("/case", data={"code": code}).text


def test_it_is_the_same_on_postgresql(settings: Settings, postgres: Callable[[], str]) -> None:
    door = open_family_door(replace(settings, ingest_database_url=postgres()))
    early = hidden(door.get("/report/child").text)
    send_report(door)
    assert door.post("/report/child", data=early | WRITTEN["child"]).location == "/report/sent?again=1"


def test_the_code_is_given_at_the_first_save_and_never_in_an_address(door: FlaskClient) -> None:
    first = post_step(door, "child", WRITTEN["child"])
    assert first.location == "/report/code"
    page = door.get("/report/code")
    code = code_of(page.text)
    kept = door.get("/report/code.txt")
    assert code in kept.text and "Alva" not in kept.text and "attachment" in kept.headers["Content-Disposition"]
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/report" in cookie and "Expires" not in cookie
    assert code not in cookie and code not in "".join(re.findall('(?:href|action|src)="([^"]*)"', page.text))


def test_a_report_is_left_and_gone_on_with_on_another_device(door: FlaskClient, settings: Settings) -> None:
    code = fill_in(door, until="photos")
    left = post_step(door, "photos", {}, act="leave")
    assert left.location == "/report/code?left=1"
    other = elsewhere(settings)
    assert other.get("/report/review").location == "/report/resume?gone=1"
    resumed = other.post("/report/resume", data={"code": code.lower()})
    assert resumed.status_code == 303
    assert 'value="Alva Exempel"' in other.get("/report/child").text
    assert post_step(other, "photos", {}, portrait()).status_code == 303
    assert post_step(other, "you", WRITTEN["you"]).status_code == 303
    assert post_step(other, "review", WRITTEN["review"], act="send").location == "/report/sent"


def test_the_code_of_an_unfinished_report_leads_back_to_it_from_the_status_page(door: FlaskClient) -> None:
    code = fill_in(door, until="last-seen")
    door.delete_cookie("draft", path="/report")
    assert door.post("/case", data={"code": code}).location == "/report/code"
    assert door.get("/report/last-seen").status_code == 200


def test_a_device_forgets_the_report_and_the_code_finds_it_again(door: FlaskClient) -> None:
    code = fill_in(door, until="photos")
    door.post("/report/forget")
    assert door.get("/report/child").text.count("Alva") == 0
    assert door.post("/report/resume", data={"code": code}).status_code == 303
    assert "Alva" in door.get("/report/child").text


def test_nobody_reads_an_unfinished_report_without_its_code(door: FlaskClient, settings: Settings) -> None:
    """With all that the door has: its database, its photo store, its keys."""
    code = fill_in(door)
    stored = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    for word in ("Alva Exempel", "Järntorget", "Kim", code, code.replace("-", "")):
        assert word.encode() not in stored, word
    keys = load_room_keys(settings.home / "keys", "ingest")
    app, room = open_worker(settings)
    with app.app_context():
        draft = db.session.scalars(select(Draft)).one()
        with pytest.raises(CryptoError):
            SealedBox(keys.box).decrypt(draft.body)
        guess = DraftKey.of("00000-00000-00000-00000", draft.salt)
        with pytest.raises(Exception, match="does not open"):
            guess.open(draft.body)
        assert read_pass(draft.id, room.clock(), keys) is None
        key = DraftKey.of(code, draft.salt)
        assert b"Alva Exempel" in key.open(draft.body)
    assert not any(
        path.read_bytes()[:3] == b"\xff\xd8\xff" for path in (settings.home / "blobs").rglob("*") if path.is_file()
    )


def test_a_page_left_open_in_another_window_overwrites_nothing(door: FlaskClient) -> None:
    fill_in(door, until="you")
    early = hidden(door.get("/report/child").text)
    post_step(door, "child", WRITTEN["child"] | {"child.name": "Newer Name"})
    clash = door.post("/report/child", data=early | WRITTEN["child"] | {"child.name": "Older Name"})
    assert clash.status_code == 409 and "changed in another window" in clash.text
    assert "Newer Name" in clash.text and 'value="Older Name"' in clash.text
    assert "Newer Name" in door.get("/report/review").text
    kept = door.post("/report/child", data=hidden(clash.text) | WRITTEN["child"] | {"child.name": "Older Name"})
    assert kept.status_code == 303 and "Older Name" in door.get("/report/review").text


def test_the_same_page_saved_twice_is_no_clash(door: FlaskClient) -> None:
    fill_in(door, until="you")
    early = hidden(door.get("/report/child").text)
    for _ in range(2):
        answer = door.post("/report/child", data=early | WRITTEN["child"] | {"child.name": "Alva E."})
        assert answer.status_code == 303


def test_a_page_of_one_report_is_not_saved_into_another(door: FlaskClient) -> None:
    fill_in(door, until="you")
    page = hidden(door.get("/report/child").text)
    door.post("/report")
    fill_in(door, until="last-seen")
    answer = door.post("/report/child", data=page | WRITTEN["child"] | {"child.name": "Another Child"})
    assert answer.status_code == 409 and "another report" in answer.text
    assert "Another Child" not in door.get("/report/child").text


def test_what_was_changed_meanwhile_is_shown_before_it_is_sent(door: FlaskClient) -> None:
    fill_in(door)
    review = hidden(door.get("/report/review").text)
    post_step(door, "child", WRITTEN["child"] | {"child.name": "Newer Name"})
    answer = door.post("/report/review", data=review | {"consent": "yes", "act": "send"})
    assert answer.status_code == 409 and "Newer Name" in answer.text and "in another window" in answer.text


def test_sent_twice_it_is_one_report_and_the_back_button_says_so(door: FlaskClient, settings: Settings) -> None:
    fill_in(door)
    form = hidden(door.get("/report/review").text) | {"consent": "yes", "act": "send"}
    step = hidden(door.get("/report/you").text)
    assert door.post("/report/review", data=form).location == "/report/sent"
    assert door.post("/report/review", data=form).location == "/report/sent?again=1"
    assert door.post("/report/you", data=step | WRITTEN["you"]).location == "/report/sent?again=1"
    assert "not sent twice" in door.get("/report/sent?again=1").text
    assert [len(rows(settings, table)) for table in (Receipt, Draft, KeptPhoto)] == [1, 0, 0]


def test_what_is_to_mend_is_named_at_the_step_and_again_at_the_review(door: FlaskClient) -> None:
    page = post_step(door, "child", {})
    assert page.status_code == 422 and summary(page.text) == ["#child.name", "#child.born", "#child.sex"]
    post_step(door, "child", {"child.name": "Alva"}, act="leave")
    review = door.get("/report/review").text
    assert summary(review) == [
        "/report/child?back=review#child.born", "/report/child?back=review#child.sex",
        "/report/photos?back=review#photos", "/report/last-seen?back=review#last_seen.at",
        "/report/last-seen?back=review#last_seen.place", "/report/last-seen?back=review#last_seen.point",
        "/report/you?back=review#reporter.name", "/report/you?back=review#reporter.relation",
        "/report/you?back=review#reporter.phone",
    ]  # fmt: skip


def test_a_change_from_the_review_leads_back_to_it(door: FlaskClient) -> None:
    fill_in(door)
    page = door.get("/report/child?back=review").text
    answer = door.post("/report/child", data=hidden(page) | WRITTEN["child"] | {"child.name": "Alva Ny"})
    assert answer.location == "/report/review" and "Alva Ny" in door.get("/report/review").text


def test_a_clock_that_is_wrong_is_named_and_what_was_written_stays(door: FlaskClient) -> None:
    fill_in(door, until="last-seen")
    page = post_step(door, "last-seen", WRITTEN["last-seen"] | {"last_seen.at.day": "2199-01-01"})
    assert page.status_code == 422 and "has not come yet" in page.text and 'value="2199-01-01"' in page.text
    assert post_step(door, "last-seen", WRITTEN["last-seen"]).status_code == 303


def test_photos_are_shown_with_their_faces_before_the_next_step(door: FlaskClient) -> None:
    fill_in(door, until="photos")
    assert post_step(door, "photos", {}).status_code == 422
    assert post_step(door, "photos", {}, group(), b"no picture").status_code == 422
    page = door.get("/report/photos").text
    assert "There are several faces" in page
    points = re.findall(r'name="(photo\.\w+\.face)" value="([^"]+)"', page)
    assert len(points) == 3
    assert post_step(door, "photos", dict(points[1:2]), act="photos").status_code == 303
    page = door.get("/report/photos").text
    assert "We will look only at the face that you chose" in page and page.count(" checked") == 1
    found = re.search(r'name="photo\.(\w+)\.taken"', page)
    assert found
    wrong = {f"photo.{found[1]}.age": "200", f"photo.{found[1]}.taken": "2001-01-01"} | dict(points[1:2])
    page = post_step(door, "photos", wrong).text
    assert all(f'id="{part}-error"' in page for part in wrong if "face" not in part)
    post_step(door, "photos", {"remove": found[1]}, act="photos")
    assert "data:image" not in door.get("/report/photos").text


def test_a_report_takes_ten_photos(door: FlaskClient) -> None:
    fill_in(door, until="photos")
    answer = post_step(door, "photos", {}, *[portrait()] * 11)
    assert answer.status_code == 422 and "We can take 10 photos" in answer.text
    assert door.get("/report/photos").text.count('class="kept-photo"') == 10


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("../../x.php", b"<?php echo 1; ?>"),
        ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("x.jpg", b"GIF89a/*<script>alert(1)</script>*/"),
        ("\u202egpj.exe", b"MZ"),
    ],
)
def test_a_hostile_file_is_refused_by_name_and_runs_nowhere(door: FlaskClient, name: str, data: bytes) -> None:
    fill_in(door, until="photos")
    form = hidden(door.get("/report/photos").text)
    answer = door.post("/report/photos", data=form | {"photos": (io.BytesIO(data), name)})
    assert answer.status_code == 422 and "This is not a picture" in answer.text
    assert "<script>alert" not in answer.text and "../" not in answer.text


def test_a_picture_that_is_also_a_page_becomes_a_picture_alone(door: FlaskClient, settings: Settings) -> None:
    fill_in(door, until="photos")
    assert post_step(door, "photos", {}, portrait() + b"<script>alert(1)</script>").status_code == 303
    assert "<script>alert" not in door.get("/report/photos").text


def test_a_megabyte_of_text_is_answered_with_what_to_do(door: FlaskClient) -> None:
    fill_in(door, until="last-seen")
    long = {"last_seen.circumstances": "ab " * 340_000}
    answer = post_step(door, "last-seen", WRITTEN["last-seen"] | long)
    assert answer.status_code == 422 and "shorten this to 8000" in answer.text and "ab ab ab" in answer.text
    assert 'value="Järntorget"' in door.get("/report/last-seen").text


def test_marks_that_turn_the_text_around_do_not_turn_the_page(door: FlaskClient) -> None:
    fill_in(door, until="you")
    post_step(door, "you", WRITTEN["you"] | {"reporter.name": "\u202eKim <b>"})
    assert "<bdi>\u202eKim &lt;b&gt;</bdi>" in door.get("/report/review").text


def test_unfinished_reports_are_erased_when_their_time_is_over(door: FlaskClient, settings: Settings) -> None:
    code = fill_in(door)
    app, room = open_worker(settings)
    with app.app_context():
        later = room.clock() + timedelta(days=settings.draft_days, minutes=1)
        room = replace(room, clock=lambda: later)
        room.bus.clock = room.clock
        assert drafts.by_code(code, room) is None
        sweep(room)
    assert [len(rows(settings, table)) for table in (Draft, KeptPhoto)] == [0, 0]
    assert not [path for path in (settings.home / "blobs").rglob("*") if path.is_file()]


def test_the_region_that_was_chosen_stays_chosen_while_other_things_are_mended(door: FlaskClient) -> None:
    fill_in(door, until="last-seen")
    vague = WRITTEN["last-seen"] | {"last_seen.point": "Georgia"}
    asked = post_step(door, "last-seen", vague)
    assert asked.status_code == 422 and '<option value="GE">' in asked.text
    chosen = vague | {"last_seen.region": "GE"}
    mend = post_step(door, "last-seen", chosen | {"last_seen.at.day": ""})
    assert mend.status_code == 422 and '<option value="GE" selected>' in mend.text
    assert post_step(door, "last-seen", chosen).status_code == 303


def test_the_number_to_call_is_the_one_of_the_country(door: FlaskClient) -> None:
    assert 'href="tel:110"' in door.get("/report", headers={"Accept-Language": "zh-CN"}).text
    assert 'href="tel:999"' in door.get("/report", headers={"Accept-Language": "en-GB"}).text
    assert 'href="tel:112"' in door.get("/report", headers={"Accept-Language": "en"}).text
    swedish = door.get("/report?country=SE", headers={"Accept-Language": "en-GB"}).text
    assert 'href="tel:112"' in swedish and 'href="tel:116000"' in swedish


def test_the_first_pages_are_light(door: FlaskClient) -> None:
    """All that they load, below 100 kB."""
    for path in ("/", "/report", "/report/child"):
        page = door.get(path)
        parts = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg))"', page.text))
        assert len(page.data) + sum(len(door.get(part).data) for part in parts) < 100_000, path


def test_each_step_reads_in_the_other_language_and_keeps_what_is_written(door: FlaskClient) -> None:
    fill_in(door, until="last-seen")
    form = hidden(door.get("/report/last-seen").text) | {"last_seen.place": "By the old oak", "act": "language"}
    page = door.post("/report/last-seen?lang=zh", data=form)
    assert page.status_code == 200 and 'lang="zh-Hans"' in page.text and 'value="By the old oak"' in page.text


def test_a_wrong_code_is_answered_calmly_and_slowed_down(door: FlaskClient) -> None:
    for code in ("AAAAA", "7RV2Q-X71S8-3ETGF-BF59M"):
        assert door.post("/report/resume", data={"code": code}).status_code == 422
    statuses = [door.post("/report/resume", data={"code": "7RV2Q-X71S8-3ETGF-BF59M"}).status_code for _ in range(6)]
    assert statuses[-1] == 429
