"""What the door's JSON answers, for the document of its API."""

from dataclasses import dataclass
from datetime import datetime

from services.ingest.rules import Kind
from shared.messages import CaseStatus, Point


@dataclass(frozen=True)
class PhotoTaken:
    """What is seen in one photo: the middle of each face (fractions of the picture), and what would help. `quality` is
    0 to 100, null where no face could be measured."""

    faces: tuple[Point, ...]
    advice: str
    reasons: tuple[str, ...]
    quality: float | None
    text: str


@dataclass(frozen=True)
class Taken:
    """The `tracking_code` is in this answer and nowhere else: it alone opens how the submission stands."""

    tracking_code: str
    status_url: str
    photos: tuple[PhotoTaken, ...]


@dataclass(frozen=True)
class LetterSaid:
    """An officer's words; null if this code does not open them. `asks`: the officer wants an answer."""

    sent_at: datetime
    text: str | None
    asks: bool


@dataclass(frozen=True)
class StandingSaid:
    """How a submission stands, in a word and in sentences. `answer_by`: when a request for removal is answered."""

    kind: Kind
    status: CaseStatus
    title: str
    next: str
    submitted_at: datetime
    changed_at: datetime
    messages: tuple[LetterSaid, ...]
    answer_by: datetime | None
