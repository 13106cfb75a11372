"""What is answered about sightings and the candidates that came of them."""

from dataclasses import dataclass
from datetime import datetime

from services.review.candidates.checklist import Features
from services.review.candidates.rules import Outcome
from services.review.candidates.rules import Reason as WhyNot
from services.review.candidates.rules import State as CandidateState
from services.review.candidates.schemas import SightingDetails
from services.review.candidates.travel import Verdict
from services.review.views.api.answers.case_line import CaseLine
from services.review.views.api.answers.people import Person
from services.review.views.api.answers.photos import CasePhoto, PhotoLine, Repeated
from shared.messages import Band, Point


@dataclass(frozen=True)
class CandidateLine:
    """A registered case that a sighted child resembles. The matcher's word (`rank`, `band`, `evidence` as log10 of the
    likelihood ratio, `age_gap` in years) is null until this officer has judged the faces alone."""

    id: str
    case_id: str
    sighting_id: str
    state: CandidateState
    made_at: datetime
    changed_at: datetime
    rank: int | None
    band: Band | None
    evidence: float | None
    age_gap: float | None


@dataclass(frozen=True)
class Candidates:
    candidates: tuple[CandidateLine, ...]


@dataclass(frozen=True)
class DecisionSaid:
    """One officer's decision; only those are told that this reader may see."""

    officer: str
    outcome: Outcome
    reason: WhyNot | None
    note: str | None
    features: Features
    at: datetime


@dataclass(frozen=True)
class JudgementSaid:
    """What this reader saw in the faces alone."""

    outcome: Outcome
    features: Features
    at: datetime


@dataclass(frozen=True)
class Followed:
    """What was chosen to follow from a confirmed match."""

    chosen_by: str
    chosen_at: datetime
    liaison: str | None
    told_at: datetime | None
    told_by: str | None
    draft_id: str | None


@dataclass(frozen=True)
class CandidateFull(CandidateLine):
    """A candidate with both its sides. `revision` is how many decisions there are; `refusal` why this officer cannot
    decide now; `face` the point on the sighted child."""

    face: Point
    case: CaseLine
    case_photo: CasePhoto
    sighting: SightingDetails | None
    sighting_photo: PhotoLine
    decisions: tuple[DecisionSaid, ...]
    judgement: JudgementSaid | None
    revision: int
    refusal: str | None
    follow_up: Followed | None


@dataclass(frozen=True)
class SightedPhoto(PhotoLine):
    """A sighting's photo and its latest search, null where there was none."""

    search: str | None
    reason: str | None = None
    faces_found: int | None = None
    faces_searched: int | None = None


@dataclass(frozen=True)
class SightingFull:
    """A sighting; its words are left out once it is erased."""

    id: str
    alert: str | None
    region: str | None
    in_danger: bool
    language: str
    received_at: datetime
    expires_at: datetime | None
    photos: tuple[SightedPhoto, ...]
    repeats: tuple[Repeated, ...]
    candidates: tuple[CandidateLine, ...]
    seen_at: datetime | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    note: str | None = None
    contact: str | None = None
    purpose: str | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Sightings:
    sightings: tuple[SightingFull, ...]


@dataclass(frozen=True, kw_only=True)
class ProbeFull(SightingFull):
    """An officer's probe: a sighting, by whom, and whether its face is still to be chosen."""

    probed_by: str
    face_needed: bool


@dataclass(frozen=True)
class Probes:
    probes: tuple[ProbeFull, ...]


@dataclass(frozen=True)
class Way:
    """From where the child was last seen to the sighting, as the crow flies."""

    km: float
    hours: float
    kmh: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Comparison:
    """What stands beside a candidate: the `way`, null where a place is not known; the `others` of the same search that
    this officer may read, and how many there are `elsewhere`; who may be asked to speak with the family."""

    way: Way | None
    others: tuple[CandidateLine, ...]
    elsewhere: int
    liaisons: tuple[Person, ...]
