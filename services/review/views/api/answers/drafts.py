"""What is answered about alerts before they are published."""

from dataclasses import dataclass
from datetime import datetime

from services.review.drafts.rules import State as DraftState
from services.review.drafts.schemas import DraftFields
from services.review.views.api.answers.people import Person
from shared.messages import AlertRing, Language


@dataclass(frozen=True)
class DraftLine:
    """One version of an alert."""

    id: str
    alert_id: str
    case_id: str
    version: int
    state: DraftState
    revision: int
    identifier: str | None
    sent_at: datetime | None
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Drafts:
    drafts: tuple[DraftLine, ...]


@dataclass(frozen=True)
class Widening:
    """An Update by which an approved version's area widened by itself."""

    identifier: str
    radius_km: float
    sent: datetime


@dataclass(frozen=True)
class DraftFull(DraftLine):
    """A version of an alert. `fields` are null once it is erased; `refusal`: why this officer cannot approve it."""

    fields: DraftFields | None
    writers: tuple[Person, ...]
    reason: str | None
    refusal: str | None
    acts: tuple[str, ...]
    approved_by: str | None
    approved_at: datetime | None
    widenings: tuple[Widening, ...]


@dataclass(frozen=True)
class Touched:
    """A region that an alert's area touches: `of_area` is its share of the area, `of_region` how much of it is touched
    (0 to 1, by land)."""

    code: str
    name: str
    of_area: float
    of_region: float
    chosen: bool


@dataclass(frozen=True)
class Reach:
    """What an area touches, of rings the largest; `apart` are regions that were chosen and that it does not touch.
    `rings`: the circle that holds now, and those that follow by themselves, each from `at` on and for its regions."""

    km2: float
    regions: tuple[Touched, ...]
    apart: tuple[str, ...]
    rings: tuple[AlertRing, ...]


@dataclass(frozen=True)
class Changed:
    """What one field said `before` and says `after`."""

    name: str
    language: Language | None
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """What this version changes: `of_live` of the one before it, `of_returned` of itself as it was returned last; null
    where there is no such thing."""

    of_live: tuple[Changed, ...] | None
    of_returned: tuple[Changed, ...] | None
