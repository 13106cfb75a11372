"""What is answered about letters between the desk and a family."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.review.cases.letters import Kind
from shared.messages import Fact


@dataclass(frozen=True)
class LetterSaid:
    """A letter from the family (in) or to it (out); `text` is null once it is erased. In: `fact` is what is corrected,
    `photos` how many came with it, `answers` the letter that asked; `read_at`: somebody has seen to it, `taken_at`: the
    correction stands in the report. Out: whether it `asks` for an answer, and when that came."""

    id: str
    way: Literal["in", "out"]
    kind: Kind
    fact: Fact | None
    text: str | None
    photos: int
    asks: bool
    answers: str | None
    author: str
    at: datetime
    read_at: datetime | None
    read_by: str | None
    taken_at: datetime | None
    answered_at: datetime | None
