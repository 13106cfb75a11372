"""How much a family may send after its report, what may be corrected, and until when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shared.errors import HomewardError
from shared.messages import Affected, Fact

LaterKind = Literal["addition", "answer", "correction", "withdrawal"]

LONGEST_TEXT = 4000
MOST_A_DAY = 20
"""Additions to one report within 24 hours."""
MOST_PHOTOS = 20
"""Photos in one addition: as in a report."""
MOST_PHOTOS_IN_ALL = 40
"""Photos that are added to one report."""
DAY = timedelta(days=1)
CONFIRM_WITHIN = timedelta(days=7)
"""How long a mailed code confirms its address."""

FACTS: tuple[Fact, ...] = ("name", "born", "appearance", "circumstances", "phone", "email", "other")
LONGEST_FACT: dict[Fact, int] = {"name": 200, "born": 10, "phone": 60, "email": 320}
"""Of the facts that are shorter than LONGEST_TEXT."""
AFFECTED: tuple[Affected, ...] = ("me", "my_child", "in_care", "other")


class TooMuchError(HomewardError):
    """More than we take for one report in a day, or more photos than we take at all."""


class EndedError(HomewardError):
    """The report is not open any more."""


@dataclass(frozen=True)
class Before:
    """Something that was added before: when, and how many photos."""

    sent_at: datetime
    photos: int


def admit(status: str, before: Sequence[Before], photos: int, now: datetime) -> None:
    """Raises EndedError for a report that has ended, TooMuchError beyond the limits."""
    if status == "ended":
        raise EndedError("This report has ended.")
    if sum(each.sent_at > now - DAY for each in before) >= MOST_A_DAY:
        raise TooMuchError("Too many additions in a day.")
    if photos and sum(each.photos for each in before) + photos > MOST_PHOTOS_IN_ALL:
        raise TooMuchError("Too many photos.")


def is_over(asked_at: datetime, now: datetime) -> bool:
    """Whether a mailed code is too old to confirm anything."""
    return now > asked_at + CONFIRM_WITHIN


def born_fault(born: date, today: date) -> str | None:
    """The code of what is wrong with a corrected date of birth."""
    return "born_in_future" if born > today else None
