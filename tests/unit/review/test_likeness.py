"""How alike two reports are, whoever wrote them down, and that those which are alike find each other."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.review.cases.likeness import LIKELY, Told, compare, looked_for, names, traces

PARIS, LYON = (48.8566, 2.3522), (45.7640, 4.8357)
LINA = Told("Lina Muster", date(2016, 5, 3), "female", datetime(2026, 11, 1, 14, tzinfo=UTC), *PARIS)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Lina Muster", "MUSTER Lina", 97, 100),
        ("Zoé Durand", "Zoe Durand", 97, 100),
        ("陈小明", "Chen Xiaoming", 97, 100),
        ("陈小明", "Xiaoming Chen", 97, 100),
        ("陈小明", "陈晓明", 97, 100),
        ("Chen Xiao-Ming", "陳小明", 97, 100),
        ("欧阳娜娜", "Ouyang Nana", 97, 100),
        ("Мария Иванова", "Mariya Ivanova", 97, 100),
        ("Lina Muster", "Lina Marie Muster", 85, 96),
        ("Lina Muster", "Lina Mustre", 85, 96),
        ("Lina Muster", "Paul Durand", 0, 60),
        ("陈小明", "王小红", 0, 72),
        ("👧", "👧", 97, 100),
        ("", "", 0, 100),
    ],
)
def test_a_name_is_compared_as_it_sounds(one: str, other: str, least: float, most: float) -> None:
    assert least <= names(one, other) <= most and least <= names(other, one) <= most


@pytest.mark.parametrize(
    ("changes", "likely"),
    [
        ({}, True),
        ({"name": "Muster, Lina", "sex": "unknown"}, True),
        ({"born": date(2016, 3, 5)}, True),
        ({"name": "Lili", "seen_at": LINA.seen_at + timedelta(hours=2)}, True),
        ({"seen_at": LINA.seen_at - timedelta(days=400), "lat": LYON[0], "lon": LYON[1]}, True),
        ({"name": "Paul Durand", "sex": "male", "born": date(2012, 1, 9)}, False),
        ({"name": "Paul Durand", "sex": "male"}, False),
        ({"name": "Paul Muster", "sex": "male", "born": date(2013, 1, 9)}, False),
        ({"born": date(2010, 1, 9), "lat": LYON[0], "lon": LYON[1]}, False),
        ({"name": "Emma Petit", "lat": LYON[0], "lon": LYON[1], "seen_at": LINA.seen_at - timedelta(days=50)}, False),
    ],
)
def test_it_is_likely_one_child_when_enough_of_what_was_told_agrees(changes: dict[str, Any], likely: bool) -> None:
    other = replace(LINA, **changes)
    assert compare(LINA, other).likely is likely
    assert compare(other, LINA).points == compare(LINA, other).points
    if likely:
        assert traces(other) & looked_for(LINA) and traces(LINA) & looked_for(other)


def test_a_child_of_the_same_birthday_is_told_from_a_slip_of_the_pen() -> None:
    grades = {day: compare(LINA, replace(LINA, born=day)).born for day in (date(2016, 5, 3), date(2016, 3, 5))}
    grades |= {day: compare(LINA, replace(LINA, born=day)).born for day in (date(2015, 5, 3), date(2016, 5, 13))}
    grades |= {day: compare(LINA, replace(LINA, born=day)).born for day in (date(2016, 11, 20), date(2012, 5, 3))}
    assert list(grades.values()) == ["same", "close", "close", "close", "unclear", "different"]


def test_places_across_the_antimeridian_find_each_other() -> None:
    east, west = replace(LINA, name="A", lon=179.99), replace(LINA, name="B", lon=-179.99)
    assert traces(east) & looked_for(west) and compare(east, west).place == "same"


def test_among_four_hundred_children_of_one_town_hardly_two_look_like_one_by_chance() -> None:
    """LIKELY is where it is because of this."""
    chance = random.Random(4)
    given = [
        f"{a}{b}" for a in ("Li", "Ma", "No", "Jo", "Sa", "Ka", "Em", "Ti") for b in ("na", "ra", "el", "mi", "as")
    ]
    family = [f"{a}{b}" for a in ("Du", "Ber", "Mo", "Le", "Ga", "Ro") for b in ("rand", "nard", "reau", "clerc", "ux")]
    start = datetime(2025, 1, 1, tzinfo=UTC)
    told = [
        Told(
            f"{chance.choice(given)} {chance.choice(family)}",
            date(2009, 1, 1) + timedelta(days=chance.randrange(365 * 15)),
            chance.choice(("female", "male")),
            start + timedelta(hours=chance.randrange(24 * 365)),
            PARIS[0] + chance.gauss(0, 0.2),
            PARIS[1] + chance.gauss(0, 0.2),
        )
        for _ in range(400)
    ]
    alike = [compare(a, b) for i, a in enumerate(told) for b in told[:i]]
    likely = [each for each in alike if each.points >= LIKELY]
    assert len(likely) <= len(alike) / 20_000


def test_whatever_two_reports_agree_in_those_that_are_likely_one_child_share_a_trace() -> None:
    chance, likely = random.Random(5), 0
    for _ in range(20_000):
        other = replace(
            LINA,
            name=chance.choice(("Lina Muster", "Muster Lina", "LinaMuster", "Lina Marie Muster", "Lili", "Emma Petit")),
            born=chance.choice((LINA.born, date(2016, 3, 5), date(2016, 5, 13), date(2016, 7, 3), date(2017, 5, 3)))
            + timedelta(days=chance.choice((0, 0, 0, -200, 200, 3000))),
            sex=chance.choice(("female", "unknown", "male")),
            seen_at=LINA.seen_at + timedelta(hours=chance.choice((0, 5, -60, 71, 100, 900))),
            lat=LINA.lat + chance.choice((0.0, 0.01, 0.17, 0.5, 3.0)),
            lon=LINA.lon + chance.choice((0.0, 0.01, -0.26, 0.8, 3.0)),
        )
        if compare(LINA, other).likely:
            likely += 1
            assert traces(other) & looked_for(LINA) and traces(LINA) & looked_for(other), other
    assert likely > 1000
