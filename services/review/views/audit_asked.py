"""What a reader of the record asks for, out of the address: whom, what, about what, when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import request

from services.review import audit, words
from services.review.base import db
from services.review.cases import store as cases

LIMIT = 100
LAST = 2**31 - 1
KINDS = tuple(words.ACT_KINDS)
"""What acts begin with, as a reader may choose them."""
_NUMBER = re.compile(r"[Hh][Ww]-\d{4}-\d{1,9}")


@dataclass(frozen=True)
class Asked:
    """`wanted` for the log; `given` is what the form is filled with again, and what the next page asks too."""

    wanted: audit.Wanted
    before: int | None
    given: Mapping[str, str]

    @property
    def told(self) -> str:
        """What was asked, for the record."""
        return ", ".join(f"{name} {value}" for name, value in self.given.items())


def of_request() -> Asked:
    """The request's question; what makes no sense in it is left out."""
    args = request.args
    names = ("who", "act", "about", "since", "until", "refused", "reads")
    given = {name: args.get(name, "").strip()[:100] for name in names if args.get(name, "").strip()}
    kind = given.get("act", "")
    wanted = audit.Wanted(
        actor=given.get("who", ""), act=f"{kind}." if kind in KINDS else kind, subject=_subject(given.get("about", "")),
        since=_moment(given.get("since"), 0), until=_moment(given.get("until"), 1), refused="refused" in given,
        reads=given.get("reads") != "no",
    )  # fmt: skip
    return Asked(wanted, before(), given)


def before() -> int | None:
    """The sequence number to go on from, within what a database calls an integer."""
    asked = request.args.get("before", type=int)
    return None if asked is None else max(1, min(asked, LAST))


def _subject(text: str) -> str:
    """The id that a case's number stands for, or the beginning of an id as it is."""
    if _NUMBER.fullmatch(text):
        case = cases.by_number(db.session(), text)
        return case.id if case else "nobody"
    return "".join(letter for letter in text if letter.isalnum() or letter in "._-") if text else ""


def _moment(text: str | None, days: int) -> datetime | None:
    """A day's beginning on the UTC clock (its end for `days` 1), or a full time as it is."""
    if not text:
        return None
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=days)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
