"""Composing, mending, extending and trying alerts on the desk's pages, and its work in numbers."""

from dataclasses import replace
from html import unescape
from io import BytesIO

import pytest
from desk import Desk, Officer, plain
from lxml import etree
from PIL import Image
from test_desk_pages import done, fields_in, page, shown

from services.review.drafts import handlers
from services.review.drafts.models import Draft
from services.review.models import db
from shared import messages as m
from shared.config import Settings

CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
SQUARE = "48.80, 2.20\n48.80, 2.50\n48.90, 2.50\n48.90, 2.20"


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


@pytest.fixture
def author(desk: Desk) -> Officer:
    return desk.officer("Ada")


@pytest.fixture
def other(desk: Desk) -> Officer:
    return desk.officer("Bert")


def drafted(desk: Desk, author: Officer) -> str:
    return str(author.send(f"/cases/{desk.registered(author)}/drafts").location)


def live(desk: Desk, author: Officer, other: Officer) -> str:
    """A live alert that the alerts room has confirmed; its path."""
    path = drafted(desk, author)
    author.act(f"{path[1:]}/submit")
    other.act(f"{path[1:]}/approve")
    row = author.read(path[1:])
    published = m.AlertPublished(
        row["alert_id"], row["version"], f"x.{row['version']}", "Alert", desk.tools.room.clock()
    )
    desk.handle(handlers.alert_published, published)
    return path


def test_a_polygon_is_drawn_by_its_corners_and_goes_out(desk: Desk, author: Officer) -> None:
    path = drafted(desk, author)
    form = fields_in(page(author, path)) | {"area": "polygon", "polygon": SQUARE, "then": "show"}
    html = done(author, path, **form)
    assert "48.8, 2.2\n48.8, 2.5" in html and "The area is about 244 km²" in html
    written = page(author, f"{path}/preview?as=cap").split("<?xml")[1].split("</pre>")[0]
    document = etree.fromstring(f"<?xml{written}".encode())
    assert document.findtext(".//c:polygon", namespaces=CAP) == (
        "48.800000,2.200000 48.800000,2.500000 48.900000,2.500000 48.900000,2.200000 48.800000,2.200000"
    )
    assert document.find(".//c:circle", CAP) is None
    assert author.act(f"{path[1:]}/submit")["fields"]["polygon"][0] == [48.8, 2.2]


@pytest.mark.parametrize(
    ("corners", "says"),
    [
        ("48.8", "Each corner is a latitude"),
        ("1, 1\n2, 2", "3 to 100 corners"),
        ("0, 0\n1, 1\n0, 1\n1, 0", "edges cross"),
    ],
)
def test_a_wrong_polygon_is_told_at_its_field_and_kept(desk: Desk, author: Officer, corners: str, says: str) -> None:
    path = drafted(desk, author)
    form = fields_in(page(author, path)) | {"area": "polygon", "polygon": corners}
    html = shown(author, path, 422, **form)
    assert says in html and 'href="#polygon"' in html and corners in html


def test_the_map_answers_for_what_is_typed_and_saves_nothing(desk: Desk, author: Officer) -> None:
    path = drafted(desk, author)
    form = fields_in(page(author, path)) | {"radius_km": "60", "view_km": "400"}
    part = unescape(author.send(f"{path}/area", **form).get_data(as_text=True))
    assert 'class="area-map" data-lat' in part and "It touches" in part and 'value="FR-HDF"' in part
    again = unescape(author.send(f"{path}/area", add_region="FR-HDF", **form).get_data(as_text=True))
    assert 'value="FR-HDF" checked' in again
    assert author.send(f"{path}/area", **(form | {"radius_km": "wide"})).status_code == 422
    assert author.read(path[1:])["fields"]["radius_km"] == 10.0


def test_rings_stand_filled_in_by_the_jurisdictions_policy_and_are_approved_as_they_are(settings: Settings) -> None:
    desk = Desk(replace(settings, rings="0:90;FR=0:40,4:80,6:160"))
    author, other = desk.officer("Ada"), desk.officer("Bert")
    path = drafted(desk, author)
    form = fields_in(page(author, path))
    assert form["rings"] == "0 h: 40 km\n4 h: 80 km\n6 h: 160 km"
    wrong = shown(author, path, 422, **(form | {"area": "rings", "rings": "0 40\n4 20"}))
    assert 'href="#rings"' in wrong and "Each ring begins later" in wrong
    assert "Please write a ring a line" in shown(author, path, 422, **(form | {"area": "rings", "rings": ""}))
    done(author, path, then="submit", **(form | {"area": "rings"}))
    assert author.read(path[1:])["fields"]["rings"] == [[0, 40], [4, 80], [6, 160]]
    html = page(other, path)
    assert html.count('class="map-coming"') == 2 and "It widens by itself, and nobody is asked again" in html
    assert "80 km from" in html and "160 km from" in html and "rings that widen to 160 km" in html
    answer = author.post(f"/api/v1/{path[1:]}/area", {"rings": [[0, 40], [9, 200]]}).get_json()
    assert [each["radius_km"] for each in answer["rings"]] == [40, 200] and answer["km2"] > 125_000
    assert set(answer["rings"][0]["regions"]) < set(answer["rings"][1]["regions"])
    done(other, f"{path}/approve", revision="2", word="publish")
    amended = author.send(f"{path}/amend").location.split("?")[0]
    done(author, amended, then="submit", **(fields_in(page(author, amended)) | {"area": "circle", "rings": "x"}))
    assert "<dt>Rings that widen" in page(other, amended) and author.read(amended[1:])["fields"]["rings"] == []


def test_buttons_propose_a_radius_an_end_and_the_regions_touched(desk: Desk, author: Officer) -> None:
    path = drafted(desk, author)
    before = author.read(path[1:])["fields"]
    html = done(author, path, ring="500", ends_in="72", **fields_in(page(author, path)))
    fields = author.read(path[1:])["fields"]
    assert fields["radius_km"] == 500.0 and fields["expires"] > before["expires"]
    done(author, path, add_region="FR-HDF", **fields_in(html))
    assert author.read(path[1:])["fields"]["regions"] == ["FR-IDF", "FR-HDF"]


def test_the_preview_is_the_page_the_phone_and_the_message(desk: Desk, author: Officer) -> None:
    path = drafted(desk, author)
    assert "Where to look" in page(author, f"{path}/preview") and 'class="alert-page"' in page(
        author, f"{path}/preview"
    )
    phone = page(author, f"{path}/preview?as=phone&tongue=zh")
    assert 'class="phone"' in phone and "寻找失踪女孩" in phone and "of 615 characters" in phone
    assert "<status>Actual</status>" in page(author, f"{path}/preview?as=cap")
    done(author, path, **(fields_in(page(author, path)) | {"regions": ""}))
    assert "There is not enough to show yet" in page(author, f"{path}/preview")


def test_who_approves_sees_what_was_mended_and_what_changes(desk: Desk, author: Officer, other: Officer) -> None:
    path = drafted(desk, author)
    author.act(f"{path[1:]}/submit")
    done(other, f"{path}/return", return_reason="Which coat?")
    form = fields_in(page(author, path))
    done(author, path, then="submit", **(form | {"en.description": form["en.description"] + " It has a hood."}))
    html = page(other, path)
    assert "What was mended since it was returned" in html and "hood." in html.split("<ins>")[1].split("</dl>")[0]
    other.act(f"{path[1:]}/approve")
    amended = author.send(f"{path}/amend").location.split("?")[0]
    done(author, amended, then="submit", **(fields_in(page(author, amended)) | {"radius_km": "25"}))
    html = page(other, amended)
    assert "What changes of version 1" in html and "Radius in kilometres" in html and "mended since" not in html


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("cancel", "This cannot be undone"), ("amend", "The live version stays until another officer approves"),
        ("extend", "goes before another officer at once"),
    ],
)  # fmt: skip
def test_each_act_on_a_live_alert_names_its_consequence_first(
    desk: Desk, author: Officer, other: Officer, act: str, says: str
) -> None:
    path = live(desk, author, other)
    assert f"{path}/{act}" in page(author, path) and says in page(author, f"{path}/{act}")
    assert author.read(path[1:])["state"] == "live"
    other.act(f"{path[1:]}/cancel")
    assert "The state has changed" in page(author, f"{path}/{act}")
    assert "The state has changed" in shown(author, f"{path}/{act}", 409, hours="12")


def test_an_alert_is_extended_by_two(desk: Desk, author: Officer, other: Officer) -> None:
    path = live(desk, author, other)
    end = author.read(path[1:])["fields"]["expires"]
    answer = author.send(f"{path}/extend", hours="24")
    longer = answer.location.split("?")[0]
    html = page(author, answer.location)
    assert "waits for another officer's approval" in html and "What changes of version 1" in html
    assert author.refused(f"{longer[1:]}/approve") == (409, "own_draft")
    assert "amendment" in shown(author, f"{path}/extend", 409, hours="12")
    done(other, f"{longer}/approve", revision="1", word="publish")
    assert author.read(longer[1:])["fields"]["expires"] > end and author.read(path[1:])["state"] == "amended"
    assert author.post(f"/api/v1/{longer[1:]}/extend", {"hours": 0.5}).status_code == 422
    assert author.refused(f"{longer[1:]}/extend", {"hours": 720}) == (409, "expires_too_late")


def test_after_a_rejected_amendment_another_goes_out(desk: Desk, author: Officer, other: Officer) -> None:
    path = live(desk, author, other)
    second = author.act(f"{path[1:]}/amend")
    author.act(f"drafts/{second['id']}/submit")
    other.act(f"drafts/{second['id']}/reject", {"reason": "not now"})
    third = author.act(f"{path[1:]}/amend")
    author.act(f"drafts/{third['id']}/submit")
    assert (third["version"], other.act(f"drafts/{third['id']}/approve")["state"]) == (3, "live")


def test_a_test_shows_no_child_is_marked_and_stays_one(desk: Desk, author: Officer, other: Officer) -> None:
    path = drafted(desk, author)
    done(author, path, then="submit", **(fields_in(page(author, path)) | {"test": "yes"}))
    html = page(other, path)
    assert "status-band test" in html and "Send the test to 1 region" in html
    seen = page(other, f"{path}/preview?as=cap")
    assert "<status>Test</status>" in seen and "Lina" not in seen.split("<pre")[1]
    assert "type the word" in shown(other, f"{path}/approve", 409, revision="2", word="publish")
    done(other, f"{path}/approve", revision="2", word="test")
    amended = author.act(f"{path[1:]}/amend")["id"]
    answer = author.client.put(f"/api/v1/drafts/{amended}", json={"test": False})
    assert (answer.status_code, answer.get_json()["reason"]) == (409, "status_fixed")


def test_the_family_hears_nothing_of_a_test(desk: Desk, author: Officer, other: Officer) -> None:
    path = drafted(desk, author)
    author.client.put(f"/api/v1/{path[1:]}", json={"test": True})
    author.act(f"{path[1:]}/submit")
    other.act(f"{path[1:]}/approve")
    row = author.read(path[1:])
    with desk.app.app_context():
        before = db.session.execute(db.text("SELECT count(*) FROM outbox")).scalar()
    desk.handle(handlers.alert_published, m.AlertPublished(row["alert_id"], 1, "x.1", "Alert", desk.tools.room.clock()))
    with desk.app.app_context():
        assert db.session.execute(db.text("SELECT count(*) FROM outbox")).scalar() == before


def test_what_was_returned_is_erased_with_its_case(desk: Desk, author: Officer, other: Officer) -> None:
    path = drafted(desk, author)
    author.act(f"{path[1:]}/submit")
    other.act(f"{path[1:]}/return", {"reason": "the place"})
    supervisor = desk.officer("Eve", "supervisor")
    case_id = author.read(path[1:])["case_id"]
    supervisor.act(f"cases/{case_id}/close", {"reason": "mistaken"})
    with desk.app.app_context(), desk.tools.room.bus.work() as work:
        from services.review.drafts.closing import forget_case

        forget_case(work, case_id)
    with desk.app.app_context():
        assert db.session.get(Draft, path.split("/")[2]).turned_down is None  # type: ignore[union-attr]
    assert author.get(path).status_code == 200


def test_the_cut_photo_is_shown_as_it_will_be(desk: Desk, author: Officer) -> None:
    path = str(author.send(f"/cases/{desk.registered(author, pictures=(plain('#446688'),))}/drafts").location)
    half = {"crop.left": "0", "crop.top": "0", "crop.width": "50", "crop.height": "100"}
    done(author, path, **(fields_in(page(author, path)) | half))
    shown_photo = Image.open(BytesIO(author.get(f"{path}/photo").data))
    assert shown_photo.size == (240, 600) and 'width="240" height="600"' in page(author, f"{path}/preview")


def test_insight_tells_no_small_number(desk: Desk, author: Officer, other: Officer) -> None:
    live(desk, author, other)
    for _ in range(5):
        desk.report()
    html = page(author, "/insight")
    assert "Île-de-France: <5" in html and "<td>5</td>" in html and "<td>1</td>" not in html
    assert "fewer than five" in html and "Lina" not in html
    assert "统计" in page(desk.officer("Root", "administrator", regions=()), "/insight?lang=zh")


def test_insight_of_an_idle_desk_says_so(desk: Desk) -> None:
    assert "No alert is live" in page(desk.officer("Ada"), "/insight")


def test_insight_tells_medians_and_agreement_from_five_on(desk: Desk) -> None:
    author, other = desk.officer("Ada"), desk.officer("Bert")
    case_id = desk.registered(author)
    for at in range(5):
        candidate = f"candidates/{desk.candidate(case_id)}/decisions"
        author.act(candidate, {"outcome": "rejected", "note": "other ears"})
        if at < 4:
            other.act(candidate, {"outcome": "rejected", "note": "other ears"})
    assert "about" not in page(author, "/insight").split("figures")[1].split("</dl>")[0]
    other.act(candidate, {"outcome": "rejected", "note": "other ears"})
    assert "about 100 %" in page(author, "/insight")
