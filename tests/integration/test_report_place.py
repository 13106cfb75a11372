"""Where the child was last seen: the map that is tapped without script, the search for names, the plain text."""

import base64
import re

import pytest
from familydoor import WRITTEN, fill_in, open_family_door, post_step
from flask.testing import FlaskClient

from services.ingest.gazetteer import Gazetteer
from services.ingest.tapmap import SIDE, View, around, of_country, picture
from shared.config import Settings
from shared.geo import Regions, distance_km

GOTHENBURG = (57.7072, 11.9668)


@pytest.fixture
def door(settings: Settings) -> FlaskClient:
    client = open_family_door(settings)
    fill_in(client, until="last-seen")
    return client


def point(door: FlaskClient) -> str:
    found = re.search(r'name="last_seen.point" type="text" value="([^"]*)"', door.get("/report/last-seen").text)
    assert found
    return found[1]


@pytest.mark.parametrize(("said", "language"), [("Gothenburg", "en"), ("göteborg", "en"), ("哥德堡", "zh")])
def test_a_town_is_found_by_its_name_and_picked(door: FlaskClient, said: str, language: str) -> None:
    written = WRITTEN["last-seen"] | {"last_seen.point": "", "last_seen.place": f"Järntorget, {said}"}
    page = post_step(door, "last-seen", written, act="place")
    picks = re.findall(r'name="pick" value="([^"]+)">([^<]+)<', page.text)
    assert page.status_code == 200 and "Västra Götaland" in picks[0][1]
    assert post_step(door, "last-seen", written | {"pick": picks[0][0]}).location == "/report/last-seen#map"
    lat, lon = map(float, point(door).split(","))
    assert distance_km(lat, lon, *GOTHENBURG) < 1
    assert post_step(door, "last-seen", written | {"last_seen.point": point(door)}).location == "/report/photos"


def test_a_place_without_a_point_is_looked_for_at_once(door: FlaskClient) -> None:
    page = post_step(door, "last-seen", WRITTEN["last-seen"] | {"last_seen.point": "", "last_seen.place": "Lund"})
    assert page.status_code == 422 and "Lund, Skåne" in page.text
    page = post_step(door, "last-seen", WRITTEN["last-seen"] | {"last_seen.point": "Lund"})
    assert page.status_code == 422 and "Lund, Skåne" in page.text


def test_a_tap_chooses_what_lies_under_it_and_the_buttons_move_the_map(door: FlaskClient) -> None:
    written = WRITTEN["last-seen"] | {"last_seen.point": ""}
    view = around(GOTHENBURG, 6)
    tap = {"view": view.write(), "tap.x": "144", "tap.y": "100"}
    assert post_step(door, "last-seen", written | tap).status_code == 303
    lat, lon = map(float, point(door).split(","))
    assert (lat, lon) == pytest.approx(view.at(144, 100), abs=0.001)
    moved = {"view": view.write(), "move": "north", "last_seen.point": point(door)}
    post_step(door, "last-seen", written | moved)
    shown = View.read(re.search(r'name="view" value="([^"]+)"', door.get("/report/last-seen").text)[1])  # type: ignore[index]
    assert shown and shown.lat > view.lat and shown.near == view.near
    post_step(door, "last-seen", written | {"view": shown.write(), "here": "1"})
    assert tuple(map(float, point(door).split(","))) == pytest.approx((shown.lat, shown.lon), abs=0.001)


def test_a_point_written_by_hand_is_shown_and_the_enter_key_on_the_map_chooses_nothing(door: FlaskClient) -> None:
    far = {"view": around((0, 0), 6).write(), "last_seen.view": around((0, 0), 6).write()}
    post_step(door, "last-seen", WRITTEN["last-seen"] | far)
    shown = View.read(re.search(r'name="view" value="([^"]+)"', door.get("/report/last-seen").text)[1])  # type: ignore[index]
    assert shown and shown.shows(57.70, 11.95)
    post_step(door, "last-seen", WRITTEN["last-seen"] | {"tap.x": "0", "tap.y": "0"})
    assert point(door) == "57.70, 11.95"


@pytest.mark.parametrize("rubbish", ["", "nan,nan,3", "1e999,0,2", "0,0,999999999999", "91,541,-5", "a,b,c"])
def test_a_view_that_is_rubbish_leads_nowhere(door: FlaskClient, rubbish: str) -> None:
    answer = post_step(door, "last-seen", WRITTEN["last-seen"] | {"view": rubbish, "tap.x": "5", "tap.y": "nan"})
    assert answer.status_code in (303, 200)
    assert door.get("/report/last-seen").status_code == 200


def test_the_place_is_never_in_an_address(door: FlaskClient) -> None:
    answer = post_step(door, "last-seen", WRITTEN["last-seen"] | {"move": "in"})
    page = door.get("/report/last-seen").text
    assert answer.location == "/report/last-seen#map"
    assert not [link for link in re.findall(r'(?:href|action|formaction)="([^"]*)"', page) if "57." in link]


@pytest.mark.parametrize("code", ["SE", "CN", "US", "RU", "FJ", "LU", ""])
def test_the_map_is_light_and_asks_nobody(code: str) -> None:
    towns = Gazetteer()
    address = picture(of_country(code, towns), GOTHENBURG, Regions(), towns, "zh")
    svg = base64.b64decode(address.partition(",")[2]).decode()
    assert len(address) < 60_000 and svg.count("http") == 1 and f'width="{SIDE}"' in svg
