"""What is answered about cases and how officers work on them."""

from dataclasses import dataclass
from datetime import datetime

from services.review.cases.rules import Checks, CloseReason
from services.review.cases.scribing import How
from services.review.views.api.answers.candidates import CandidateLine
from services.review.views.api.answers.case_line import CaseLine
from services.review.views.api.answers.drafts import DraftLine
from services.review.views.api.answers.letters import LetterSaid
from services.review.views.api.answers.photos import CasePhoto
from services.review.views.api.answers.record import Entry
from shared.messages import Child, LastSeen, Reporter


@dataclass(frozen=True)
class Cases:
    """`more`: there are others, or cases that the search did not reach."""

    cases: tuple[CaseLine, ...]
    more: bool


@dataclass(frozen=True)
class Hold:
    """Why, by whom and since when the law keeps a case."""

    officer: str
    at: datetime
    reason: str | None


@dataclass(frozen=True)
class Facts:
    """What the family said; null once it is erased."""

    child: Child | None
    last_seen: LastSeen | None
    reporter: Reporter | None
    age_when_last_seen: int | None


@dataclass(frozen=True)
class CaseFull(CaseLine):
    """A case as an officer of its jurisdiction reads it. `merged_into` is the id of the case that it is part of;
    `refusals`: why it cannot be registered now; `acts`: what this officer can do next."""

    language: str | None
    receipt_id: str | None
    closed_at: datetime | None
    close_reason: CloseReason | None
    registered_by: str | None
    filed_by: str | None
    filed_how: How | None
    reviewed_at: datetime | None
    hold: Hold | None
    facts: Facts
    checklist: Checks | None
    reason: str | None
    outcome_text: str | None
    merged_into: str | None
    merged_at: datetime | None
    photos: tuple[CasePhoto, ...]
    letters: tuple[LetterSaid, ...]
    refusals: tuple[str, ...]
    acts: tuple[str, ...]
    drafts: tuple[DraftLine, ...]
    candidates: tuple[CandidateLine, ...]
    audit: tuple[Entry, ...]


@dataclass(frozen=True)
class ViewLine:
    """A saved view of the queue: filters, and no words."""

    id: str
    name: str
    state: str
    region: str
    holder: str
    waiting: int | None
    order: str
    words: str


@dataclass(frozen=True)
class Views:
    views: tuple[ViewLine, ...]


@dataclass(frozen=True)
class Place:
    """Where a case is now."""

    id: str
    region: str | None
