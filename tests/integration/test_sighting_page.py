"""The sighting's page: whom to call comes first, nobody has to say who they are, and the sender learns no result."""

import io

import pytest
from familydoor import group, open_family_door
from flask.testing import FlaskClient

from shared.config import Settings


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
