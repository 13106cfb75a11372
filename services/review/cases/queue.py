"""The intake queue: which cases an officer wants to see, and in which order. Names and places are sealed in their rows,
so a search by words opens the cases of the jurisdiction one by one."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.review.cases import rules, store
from services.review.cases.models import Case
from services.review.cases.schemas import Details
from services.review.people.rules import Actor
from services.review.tools import Tools

WAITING = ("submitted", "in_verification")
REVIEW = "review"
LETTERS = "letters"
HOLDERS = ("mine", "free")
ORDERS = ("newest", "longest", "youngest")
SHOWN = 100
SCANNED = 2000
"""Cases that one search by words, or by age, opens at most: the newest of those that the other filters let through."""
LONGEST_WAIT_H = 10_000


@dataclass(frozen=True)
class Filters:
    """`state` is one state, "waiting" (for us), "review" (due for one), "letters" (with
    some that nobody has read) or "all"; `holder` "mine" (this officer works on
    it) or "free" (nobody does); `waiting` hours since the report came; `words` are in its number, the child's or the
    reporter's name, the place or the police reference."""

    state: str = "waiting"
    region: str = ""
    holder: str = ""
    waiting: int | None = None
    order: str = "newest"
    words: str = ""


@dataclass(frozen=True)
class Line:
    """A case in the list; `details` None once it is erased."""

    case: Case
    details: Details | None

    @property
    def name(self) -> str | None:
        return self.details.child.name if self.details else None

    @property
    def age(self) -> int | None:
        """Whole years when last seen."""
        return self.details and rules.age_on(self.details.child.born, self.details.last_seen.at.date())


@dataclass(frozen=True)
class Found:
    """`more`: there are others, or cases that the search did not reach."""

    lines: Sequence[Line]
    more: bool


def tidied(given: Filters) -> Filters:
    """Filters as they were sent, what is unknown left out."""
    hours = given.waiting if given.waiting and given.waiting > 0 else None
    known = given.state in (*rules.TABLE, "waiting", REVIEW, LETTERS, "all")
    return replace(
        given,
        state=given.state if known else "waiting",
        region=given.region.strip().upper()[:12],
        holder=given.holder if given.holder in HOLDERS else "",
        waiting=min(hours, LONGEST_WAIT_H) if hours else None,
        order=given.order if given.order in ORDERS else "newest",
        words=given.words.strip()[:200],
    )


def find(session: Session, tools: Tools, actor: Actor, wanted: Filters, now: datetime) -> Found:
    """The cases of the actor's jurisdiction that are wanted, at most SHOWN. With words, in whatever state."""
    scan = bool(wanted.words) or wanted.order == "youngest"
    limit = SCANNED if scan else SHOWN
    rows = store.listed(session, actor, _rows(wanted, actor, now, limit + 1))
    lines = [Line(row, store.opened(tools, row)) for row in rows[:limit]]
    if wanted.words:
        lines = [line for line in lines if _has(line, _folded(wanted.words).split())]
    if wanted.order == "youngest":
        lines.sort(key=lambda line: line.age if line.age is not None else rules.ADULT)
    return Found(lines[:SHOWN], len(rows) > limit or len(lines) > SHOWN)


def _rows(wanted: Filters, actor: Actor, now: datetime, limit: int) -> store.Wanted:
    states = None if wanted.state == "all" or wanted.words else (wanted.state,)
    if states == ("waiting",):
        states = WAITING
    elif states == (REVIEW,):
        states = ("registered",)
    elif states == (LETTERS,):
        states = None
    return store.Wanted(
        states=states,
        opened_before=now - timedelta(hours=wanted.waiting) if wanted.waiting else None,
        region=wanted.region,
        claimed_by=actor.id if wanted.holder == "mine" else None,
        free_at=now if wanted.holder == "free" else None,
        now=now,
        review_due=wanted.state == REVIEW and not wanted.words,
        unread=wanted.state == LETTERS and not wanted.words,
        oldest_first=wanted.order == "longest",
        limit=limit,
    )


def _has(line: Line, words: Sequence[str]) -> bool:
    said = [line.case.number]
    if line.details:
        child, seen, reporter = line.details.child, line.details.last_seen, line.details.reporter
        said += [child.name, seen.place, reporter.name, line.details.checks.police_reference]
    text = _folded(" ".join(said))
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Without case and accents: Zoé is found as zoe."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
