"""Whether two reports may be of the same child, by what the families said: weighed item by item, and found by traces.

Pure. The weights are rounded log2 likelihood ratios in the manner of Fellegi and Sunter (A Theory for Record Linkage,
JASA 1969): how much likelier an agreement is in two reports of one child than in those of two children. A name is
compared as it sounds in Latin letters, so that its script, its order and its spaces do not matter.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from math import floor
from typing import Literal

from anyascii import anyascii
from rapidfuzz import fuzz

from shared.geo import distance_km
from shared.messages import Sex

Grade = Literal["same", "close", "unclear", "different"]

LIKELY = 14
"""Bits from which two reports are shown to an officer. Among 400 children of one town and year about one pair of the
80,000 is so alike by chance (tests/unit/review/test_likeness.py)."""

WEIGHTS: dict[str, dict[Grade, int]] = {
    "name": {"same": 9, "close": 6, "unclear": 2, "different": -4},
    "born": {"same": 10, "close": 6, "unclear": 0, "different": -6},
    "sex": {"same": 1, "unclear": 0, "different": -6},
    "place": {"same": 5, "close": 2, "unclear": 0, "different": -1},
    "time": {"same": 6, "close": 3, "unclear": 0, "different": -2},
}

SAME_NAME, CLOSE_NAME, UNCLEAR_NAME = 97.0, 85.0, 72.0
"""Of 100, as rapidfuzz counts."""
PART_OF_NAME = 0.9
"""What a name counts that is wholly within the other: Lina Muster, Lina Marie Muster."""
SAME_KM, CLOSE_KM, UNCLEAR_KM = 2.0, 20.0, 100.0
SAME_H, CLOSE_H, UNCLEAR_H = 6.0, 72.0, 720.0
UNCLEAR_BIRTH = timedelta(days=366)
CELL = 0.25, 0.5
"""Degrees of latitude and longitude: at least CLOSE_KM each up to 68 degrees north and south."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Told:
    """What of a report is compared. Latitude and longitude in degrees, WGS 84."""

    name: str
    born: date
    sex: Sex
    seen_at: datetime
    lat: float
    lon: float


@dataclass(frozen=True)
class Likeness:
    """How two reports agree, item by item."""

    name: Grade
    born: Grade
    sex: Grade
    place: Grade
    time: Grade
    km: float

    @property
    def points(self) -> int:
        """Bits; the more, the likelier it is one child."""
        return sum(WEIGHTS[item][getattr(self, item)] for item in WEIGHTS)

    @property
    def likely(self) -> bool:
        return self.points >= LIKELY


def compare(one: Told, other: Told) -> Likeness:
    km = distance_km(one.lat, one.lon, other.lat, other.lon)
    return Likeness(
        name=_least(-names(one.name, other.name), -SAME_NAME, -CLOSE_NAME, -UNCLEAR_NAME),
        born=_born(one.born, other.born),
        sex="unclear" if "unknown" in (one.sex, other.sex) else "same" if one.sex == other.sex else "different",
        place=_least(km, SAME_KM, CLOSE_KM, UNCLEAR_KM),
        time=_least(abs(one.seen_at - other.seen_at) / timedelta(hours=1), SAME_H, CLOSE_H, UNCLEAR_H),
        km=km,
    )


def words(name: str) -> list[str]:
    """A name's words in Latin letters, small: 陈小明 is chen, xiao, ming. What has no letters is one word as it is."""
    found = [word.lower() for word in _WORD.findall(anyascii(name))]
    return found or [name.strip().casefold()]


def names(one: str, other: str) -> float:
    """0 to 100. The family name may come first or last, be written with or without spaces, a middle name be missing."""
    first, second = words(one), words(other)
    turned = ("".join(first[turn:] + first[:turn]) for turn in range(len(first)))
    return max(
        fuzz.token_sort_ratio(" ".join(first), " ".join(second)),
        max(fuzz.ratio(each, "".join(second)) for each in turned),
        PART_OF_NAME * fuzz.token_set_ratio(" ".join(first), " ".join(second)),
    )


def traces(told: Told) -> set[str]:
    """What a report is found by: five traces. Two reports that are `likely` have one in common with what the other
    looks for, since each way to so many points is one of them: the day of birth but for a slip of the pen, the name
    however ordered and spaced, or about the same place within three days."""
    born = told.born
    return {
        f"born {born}",
        f"month {born.year} {born.month}",
        f"day {born.year} {born.day}",
        f"name {_letters(told.name)}",
        _seen(told, 0, 0, 0),
    }


def looked_for(told: Told) -> set[str]:
    """The traces of the reports to compare this one with: its own, and those beside them."""
    near = {_seen(told, *away) for away in product(_DAYS, _BESIDE, _BESIDE)}
    births = {f"born {born}" for born in (*_misread(told.born), *_years_beside(told.born))}
    return traces(told) | near | births


_BESIDE = (-1, 0, 1)
_DAYS = range(-3, 4)


def _letters(name: str) -> str:
    """The letters of a name, sorted: the same in whatever order and with whatever spaces it is written."""
    return "".join(sorted("".join(words(name))))


def _seen(told: Told, days: int, up: int, along: int) -> str:
    """The cell of the map and the day of the last sight, or one beside it. Cells are joined at the antimeridian."""
    north, east = floor(told.lat / CELL[0]) + up, (floor(told.lon / CELL[1]) + along) % round(360 / CELL[1])
    return f"seen {north} {east} {(told.seen_at + timedelta(days=days)).date()}"


def _born(one: date, other: date) -> Grade:
    if one == other:
        return "same"
    if other in _misread(one) or _one_part_differs(one, other):
        return "close"
    return "unclear" if abs(one - other) <= UNCLEAR_BIRTH else "different"


def _misread(born: date) -> set[date]:
    """The day of birth with day and month taken for each other, where that is a day."""
    return {born.replace(month=born.day, day=born.month)} if born.day <= 12 else set()


def _years_beside(born: date) -> set[date]:
    """The same day a year before and after, where there is one."""
    years = (born.year - 1, born.year + 1)
    return {born.replace(year=year) for year in years if (born.month, born.day) != (2, 29)}


def _one_part_differs(one: date, other: date) -> bool:
    """A slip of the pen: the same month and day of another year near, or the same year with another day or month."""
    same = (one.year == other.year, one.month == other.month, one.day == other.day)
    return sum(same) == 2 and abs(one.year - other.year) <= 1


def _least(value: float, same: float, close: float, unclear: float) -> Grade:
    if value <= same:
        return "same"
    if value <= close:
        return "close"
    return "unclear" if value <= unclear else "different"
