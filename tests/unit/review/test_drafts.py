"""What an alert may be: its area, length and end, the word that publishes it, and what differs between versions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import CHILD, an_alert_content
from marshmallow import ValidationError

from services.review.drafts import lengths, reach, rules
from services.review.drafts.differences import differences
from services.review.drafts.schemas import DraftFields, edited
from services.review.drafts.testing import as_test
from shared.errors import NotAllowed
from shared.geo import circle, km2
from shared.messages import AlertRing, AlertText
from shared.regions import Regions

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RINGS = ((0.0, 100.0), (1.0, 200.0), (2.0, 300.0), (3.0, 500.0))
SQUARE = [[48.8, 2.2], [48.8, 2.5], [48.9, 2.5], [48.9, 2.2]]
FIELDS = DraftFields(
    texts=(AlertText("en", "Missing girl, 10", "She wears a red coat.", "Call 112.", "Paris"),), expires=NOW
)


@pytest.fixture(scope="module")
def regions() -> Regions:
    return Regions()


@pytest.mark.parametrize(
    ("status", "word", "passes"),
    [
        ("Actual", "publish", True), ("Actual", " PUBLISH ", True), ("Actual", "发布", True),
        ("Actual", "exercise", False),
        ("Actual", "", False), ("Exercise", "演练", True), ("Exercise", "publish", False), ("Test", "test", True),
        ("Test", "publish", False),
    ],
)  # fmt: skip
def test_each_status_has_a_word_of_its_own(status: str, word: str, passes: bool) -> None:
    if passes:
        rules.check_word(status, word)  # type: ignore[arg-type]
    else:
        with pytest.raises(NotAllowed, match=status):
            rules.check_word(status, word)  # type: ignore[arg-type]


def test_no_two_statuses_share_a_word() -> None:
    words = [word for each in rules.WORDS.values() for word in each]
    assert len(words) == len(set(words))


def test_an_exercise_never_becomes_actual_and_a_test_is_asked_for() -> None:
    assert rules.cap_status(exercise=True, test=True) == rules.cap_status(exercise=True) == "Exercise"
    assert (rules.cap_status(False), rules.cap_status(False, test=True)) == ("Actual", "Test")
    rules.check_test(1, was=False, now_is=True)
    with pytest.raises(NotAllowed, match="Test"):
        rules.check_test(2, was=False, now_is=True)


@pytest.mark.parametrize(
    ("rings", "fault"),
    [
        ([[1, 100]], "from hour 0"), ([[0, 100], [0, 200]], "later"), ([[0, 100], [1, 100]], "wider"),
        ([[0, 501]], "500 km"), ([[0, 100], [721, 200]], "720 hours"), ([[h, h + 1] for h in range(9)], "at most 8"),
        ([[0]], "Length must be 2"), ("none", "Not a valid list"),
    ],
)  # fmt: skip
def test_rings_only_widen(rings: object, fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        edited(FIELDS, {"rings": rings})


def test_a_polygon_does_not_widen() -> None:
    with pytest.raises(ValidationError, match="Only a circle widens"):
        edited(replace(FIELDS, rings=RINGS), {"polygon": SQUARE})
    assert edited(replace(FIELDS, rings=RINGS), {"polygon": SQUARE, "rings": []}).polygon


def test_the_ring_of_the_hour_comes_first_and_each_is_for_all_that_those_before_it_touch(regions: Regions) -> None:
    fields = replace(FIELDS, rings=RINGS, regions=("FR-IDF",), expires=NOW + timedelta(hours=9))
    now, *later = reach.rings_of(regions, fields, 48.85, 2.35, NOW - timedelta(hours=1.5), NOW)
    assert (now.radius_km, [ring.radius_km for ring in later]) == (200, [300, 500])
    assert [ring.at for ring in later] == [NOW + timedelta(hours=0.5), NOW + timedelta(hours=1.5)]
    assert "DE-RP" not in now.regions and "DE-RP" in later[1].regions
    assert now.regions[0] == "FR-IDF" and set(now.regions) < set(later[0].regions) < set(later[1].regions)


def test_a_ring_that_would_come_after_the_end_is_not_approved(regions: Regions) -> None:
    fields = replace(FIELDS, rings=RINGS, regions=("FR",), expires=NOW + timedelta(hours=2))
    assert [ring.radius_km for ring in reach.rings_of(regions, fields, 48.85, 2.35, NOW, NOW)] == [100, 200]


def test_an_alert_is_extended_from_its_end_and_not_beyond_thirty_days() -> None:
    end = NOW + timedelta(hours=5)
    assert rules.extended(end, NOW, 24) == end + timedelta(hours=24)
    with pytest.raises(NotAllowed, match="30 days"):
        rules.extended(NOW + timedelta(days=29), NOW, 72)


@pytest.mark.parametrize(
    ("corners", "fault"),
    [
        (SQUARE[:2], "3 to 100 corners"), ([[0, 0]] * 101, "3 to 100 corners"),
        ([[91, 0], [0, 0], [0, 1]], "not on the globe"),
        ([[0, 179], [0, -179], [1, -179]], "antimeridian"), ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], "cross"),
        ([[1, 1], [1, 1], [1, 1]], "no area"), ([[1.0]], "Length must be 2"), ([["x", 1]], "Not a valid number"),
    ],
)  # fmt: skip
def test_a_polygon_is_simple_and_on_the_globe(corners: list[list[float]], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        edited(FIELDS, {"polygon": corners})


def test_a_polygon_is_kept_as_it_was_drawn() -> None:
    assert edited(FIELDS, {"polygon": SQUARE}).polygon == tuple((lat, lon) for lat, lon in SQUARE)


def test_the_area_of_a_circle_is_what_geometry_says() -> None:
    assert km2(circle(48.85, 2.35, 10)) == pytest.approx(314.0, rel=0.002)
    assert km2(circle(70.0, 20.0, 100)) == pytest.approx(31_410, rel=0.01)


def test_all_regions_that_an_area_touches_are_named_with_their_part_of_it(regions: Regions) -> None:
    found = reach.reached(regions, reach.shape_of(50.85, 4.35, 40, ()), ("BE-BRU",))
    assert sum(each.of_area for each in found.regions) == pytest.approx(1.0, abs=0.02)
    assert [each.km2 for each in found.regions] == sorted((each.km2 for each in found.regions), reverse=True)
    brussels = next(each for each in found.regions if each.code == "BE-BRU")
    assert brussels.chosen and brussels.of_region == pytest.approx(1.0, abs=0.02)
    assert found.left_out and all(each.code.startswith("BE") for each in found.left_out)


def test_a_chosen_country_holds_its_parts_and_a_region_elsewhere_is_told(regions: Regions) -> None:
    found = reach.reached(regions, reach.shape_of(48.85, 2.35, 5, ()), ("FR", "DE-BE"))
    assert found.left_out == () and found.apart == ("DE-BE",)


@pytest.mark.parametrize(
    ("text", "used", "most"),
    [("Call 112", 8, 1395), ("€ [5]", 8, 1395), ("失踪", 2, 615), ("cafè ·", 6, 615), ("🙂", 2, 615)],
)
def test_a_telephone_counts_in_its_own_alphabet(text: str, used: int, most: int) -> None:
    assert lengths.on_a_phone(text, "", " ") == lengths.Length(used, most)


def test_what_differs_is_told_field_by_field_and_word_by_word() -> None:
    text = replace(FIELDS.texts[0], description="She wears a blue coat.")
    after = replace(FIELDS, texts=(text,), radius_km=25.0, expires=NOW + timedelta(days=1))
    found = {(each.name, each.language): each for each in differences(FIELDS, after)}
    assert set(found) == {("description", "en"), ("radius_km", None), ("expires", None)}
    assert ("gone", "red") in found["description", "en"].pieces and ("new", "blue") in found["description", "en"].pieces
    assert (found["radius_km", None].before, found["radius_km", None].after) == ("10", "25")
    assert differences(FIELDS, FIELDS) == []


def test_chinese_differs_sign_by_sign() -> None:
    before = replace(FIELDS, texts=(AlertText("zh", "寻找失踪女孩", "她穿红色外套。", "", ""),))
    after = replace(FIELDS, texts=(AlertText("zh", "寻找失踪女孩", "她穿蓝色外套。", "", ""),))
    (found,) = differences(before, after)
    assert found.pieces == (("same", "她穿"), ("gone", "红"), ("new", "蓝"), ("same", "色外套。"))


def test_a_test_says_nothing_of_the_child(regions: Regions) -> None:
    said = as_test(an_alert_content(status="Test", rings=(AlertRing(NOW, 99.0, ("SE",)),)), regions, "police.example")
    assert CHILD not in repr(said) and (said.child_name, said.photos, said.polygon, said.rings) == (None, (), (), ())
    assert said.lat != 57.7 and all("TEST" in text.headline or "测试" in text.headline for text in said.texts)
