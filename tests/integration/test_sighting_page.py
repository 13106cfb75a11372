"""The sighting's page: whom to call comes first, nobody has to say who they are, and the sender learns no result."""

import io
import re
import sqlite3

import pytest
from familydoor import group, open_family_door, portrait
from flask.testing import FlaskClient

from shared.config import Settings
from shared.envelope import parse, unseal
from shared.keys import load_room_keys
from shared.messages import SightingSubmitted


@pytest.fixture
def door(settings: Settings) -> FlaskClient:
    return open_family_door(settings)


@pytest.mark.parametrize(("languages", "number"), [("de-DE", "112"), ("zh-CN", "110"), ("en-US", "911"), ("zh", "110")])
def test_the_number_to_call_is_that_of_the_reader_s_country(door: FlaskClient, languages: str, number: str) -> None:
    page = door.get("/sighting", headers={"Accept-Language": languages}).text
    assert f'href="tel:{number}"' in page
    assert page.index('name="in_danger"') < page.index(f'href="tel:{number}"') < page.index('name="seen_at.day"')


def test_where_no_country_is_known_the_page_names_several_numbers(door: FlaskClient) -> None:
    page = door.get("/sighting", headers={"Accept-Language": "en"}).text
    assert "tel:" not in page
    assert "112 in Europe, 110 in China, 911 in North America" in page


def test_a_witness_without_a_name_chooses_a_face_of_a_group_and_learns_that_it_arrived(door: FlaskClient) -> None:
    told = {
        "in_danger": "yes", "seen_at.day": "2026-10-02", "seen_at.time": "10:00", "place": "Station",
        "point": "57.7, 11.97", "alert": "a1",
    }  # fmt: skip
    with_photo = told | {"act": "photos", "photos": [(io.BytesIO(group()), "group.jpg")]}
    english = {"Accept-Language": "en-GB"}
    page = door.post("/sighting", data=with_photo, headers=english).text
    assert page.count('class="face"') == 3
    assert "Which face is the child? The others will not be looked at." in page
    hidden = page.split('name="form" value="')[1].split('"')[0]
    name, _, rest = page.split('type="checkbox" name="photo.')[1].partition('" value="')
    sent = told | {"act": "send", "form": hidden, f"photo.{name}": rest.split('"')[0]}
    answer = door.post("/sighting", data=sent, headers=english)
    assert answer.status_code == 200
    assert "We have your sighting. Thank you." in answer.text
    assert "Call 999." in answer.text


TOLD = {"in_danger": "no", "seen_at.day": "2026-10-02", "seen_at.time": "10:00", "place": "Station", "note": "Alone"}
ENGLISH = {"Accept-Language": "en-GB"}


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_a_town_is_picked_on_the_sighting_s_map_and_nothing_that_was_written_is_lost(door: FlaskClient) -> None:
    page = door.post("/sighting", data=TOLD | {"act": "place", "find": "哥德堡"}, headers=ENGLISH).text
    pick = field(page, "pick")
    page = door.post("/sighting", data=TOLD | {"view": field(page, "view"), "pick": pick}, headers=ENGLISH).text
    assert "Chosen: Västra Götaland" in page and ">\nAlone</textarea>" in page
    assert field(page, "point").startswith("57.7")
    tapped = TOLD | {name: field(page, name) for name in ("view", "point", "form")}
    page = door.post("/sighting", data=tapped | {"tap.x": "20", "tap.y": "20"}, headers=ENGLISH).text
    assert field(page, "point") != tapped["point"]
    sent = tapped | {"point": field(page, "point"), "act": "send"}
    assert "We have your sighting" in door.post("/sighting", data=sent, headers=ENGLISH).text


def test_a_place_without_a_point_is_looked_for_at_once(door: FlaskClient) -> None:
    answer = door.post("/sighting", data=TOLD | {"place": "Lund", "act": "send"}, headers=ENGLISH)
    assert answer.status_code == 422 and "Lund, Skåne" in answer.text


def test_a_photo_comes_in_pieces_under_the_form_s_own_key_and_no_other_form_reaches_it(
    door: FlaskClient, settings: Settings
) -> None:
    mine, other = (field(door.get("/sighting").text, "form") for _ in range(2))
    data, key = group(), {"Form-Key": mine}
    address = door.post("/sighting/uploads", headers=key | {"Upload-Length": str(len(data))}).headers["Location"]
    for start in (0, 30_000):
        piece = data[start : 30_000 if start == 0 else None]
        headers = key | {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        assert door.patch(address, headers=headers, data=piece).status_code == 204
    shown = address.replace("uploads", "photos")
    assert door.get(shown, headers=key).text.count('class="face"') == 3
    assert door.get(shown, headers=key).text.count('type="checkbox" name="photo.') == 3
    for foreign, status in ((other, 404), ("rubbish", 403), ("", 403)):
        assert door.get(shown, headers={"Form-Key": foreign}).status_code == status
    assert door.get(shown.replace("/sighting", "/report")).status_code == 403
    told = TOLD | {"form": mine, "point": "57.7, 11.97", "act": "send"}
    page = door.post("/sighting", data=told, headers=ENGLISH).text
    assert "We have your sighting" in page
    with sqlite3.connect(settings.home / "ingest.sqlite") as database:
        (sealed,) = database.execute("SELECT envelope FROM outbox").fetchone()
        left = database.execute("SELECT (SELECT count(*) FROM uploads) + (SELECT count(*) FROM kept_photos)").fetchone()
    message = unseal(parse(sealed), load_room_keys(settings.home / "keys", "review"))
    assert isinstance(message, SightingSubmitted) and (len(message.photos), left) == (1, (0,))
    assert door.post("/sighting/uploads", headers=key | {"Upload-Length": "5"}).status_code == 409


def test_ten_photos_are_as_many_as_a_sighting_takes_in_pieces(door: FlaskClient) -> None:
    key = {"Form-Key": field(door.get("/sighting").text, "form")}
    photos = [(io.BytesIO(portrait()), f"{number}.jpg") for number in range(10)]
    door.post("/sighting", data=TOLD | {"form": key["Form-Key"], "act": "photos", "photos": photos})
    data = portrait()
    address = door.post("/sighting/uploads", headers=key | {"Upload-Length": str(len(data))}).headers["Location"]
    headers = key | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert door.patch(address, headers=headers, data=data).status_code == 422
