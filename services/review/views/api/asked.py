"""What may stand in an address of the desk's JSON. What makes no sense there is left out, as on the pages."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from services.review.candidates.rules import State as CandidateState
from services.review.drafts.rules import State as DraftState
from shared.schema import between, longest


@dataclass(frozen=True)
class CaseQueue:
    """`state` is one of a case's, "waiting" (for us), "review" (due for one), "letters" (that nobody has seen
    to) or "all"; `waiting` at least so many hours; `number` the case's own, as HW-2026-17 or 17."""

    state: str = "all"
    region: str = ""
    holder: Literal["mine", "free", ""] = ""
    waiting: int | None = field(default=None, metadata=between(1, 10_000))
    order: Literal["newest", "longest", "youngest"] = "newest"
    words: str = field(default="", metadata=longest(200))
    number: str = ""


@dataclass(frozen=True)
class CandidateStates:
    state: tuple[CandidateState, ...] = ()


@dataclass(frozen=True)
class DraftStates:
    state: tuple[DraftState, ...] = ()


@dataclass(frozen=True)
class Read:
    """`revision` is the one that was read: if others have written since, nothing is changed."""

    revision: int | None = None


@dataclass(frozen=True)
class RecordRows:
    """`who` is an officer's id, `act` an act or the beginning of several (such as "case"), `about` an id or a case's
    number; `since` and `until` are days; `refused` leaves only refusals, `reads=no` leaves out looks."""

    who: str = ""
    act: str = ""
    about: str = ""
    since: date | None = None
    until: date | None = None
    refused: Literal["1"] | None = None
    reads: Literal["no"] | None = None


@dataclass(frozen=True)
class RecordAsked(RecordRows):
    """`before` is the `next` of the page before; with `verify` the whole chain is walked."""

    before: int | None = field(default=None, metadata=between(1, 2**31 - 1))
    verify: Literal["1"] | None = None


@dataclass(frozen=True)
class Export(RecordRows):
    format: Literal["csv", "json"] = "csv"
