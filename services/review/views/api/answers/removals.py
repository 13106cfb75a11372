"""What is answered about requests for removal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.review.removals.schemas import Outcome
from shared.messages import Affected


@dataclass(frozen=True)
class RemovalLine:
    """A request for removal in a list; it is to be answered by `answer_by`."""

    id: str
    state: Literal["open", "answered", "erased"]
    region: str | None
    language: str
    asked_at: datetime
    answer_by: datetime
    outcome: Outcome | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class RemovalAsked:
    """What its sender said: whom it is about, which alert or report, what is asked, how to reach them."""

    affected: Affected
    which: str
    text: str
    contact: str | None
    answer: str


@dataclass(frozen=True)
class RemovalFull(RemovalLine):
    """`asked` is null once it is erased; `case_id` and `draft_id` (its newest version of the alert) are what it is
    about, where that is known and this officer may read it."""

    asked: RemovalAsked | None
    case_id: str | None
    draft_id: str | None


@dataclass(frozen=True)
class Removals:
    """The `open` ones in the order of their deadlines; the `answered` ones, the latest first."""

    open: tuple[RemovalLine, ...]
    answered: tuple[RemovalLine, ...]
