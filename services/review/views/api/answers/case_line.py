"""A case in a list."""

from dataclasses import dataclass
from datetime import datetime

from services.review.cases.rules import State as CaseState


@dataclass(frozen=True)
class Holder:
    """Who works on a case, and until when it is theirs."""

    officer: str
    until: datetime


@dataclass(frozen=True)
class CaseLine:
    """A case in a list. `name` is the child's and `age` in years when last seen, null once it is erased."""

    id: str
    number: str
    state: CaseState
    region: str | None
    name: str | None
    age: int | None
    opened_at: datetime
    changed_at: datetime
    holder: Holder | None
    review_due_at: datetime | None
