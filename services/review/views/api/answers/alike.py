"""What is answered about likely duplicates: the list beside a case, and two cases side by side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.review.cases.likeness import Grade
from services.review.cases.rules import State as CaseState
from services.review.views.api.answers.case_line import CaseLine
from services.review.views.api.answers.cases import Facts
from services.review.views.api.answers.photos import CasePhoto, PhotoLine
from shared.messages import Band


@dataclass(frozen=True)
class LikenessSaid:
    """How two reports agree, item by item; `km` between the two places, `points` in bits: the more, the likelier it is
    one child."""

    name: Grade
    born: Grade
    sex: Grade
    place: Grade
    time: Grade
    km: float
    points: int


@dataclass(frozen=True)
class PairSaid:
    """What is known of two cases together: the matcher's word on their faces, null where nothing was found or nobody
    asked; who declared them distinct, and when."""

    band: Band | None
    apart_by: str | None
    apart_at: datetime | None


@dataclass(frozen=True)
class LikelyCase:
    """Another case that is perhaps of the same child."""

    id: str
    number: str
    state: CaseState
    name: str
    opened_at: datetime
    pair: PairSaid
    likeness: LikenessSaid


@dataclass(frozen=True)
class PartSaid:
    """A case that was merged into this one; name and photos are this officer's to see only where the case is.
    `candidates` is how many sighted children resembled it."""

    id: str
    number: str
    region: str | None
    name: str | None
    merged_at: datetime
    photos: tuple[PhotoLine, ...]
    candidates: int


@dataclass(frozen=True)
class AlikeSaid:
    """All that stands beside a case: cases that are perhaps of the same child, those declared distinct (`apart`), the
    regions of like cases that this officer may not read (`elsewhere`), what was merged into it (`parts`), and the id of
    the case that it is itself part of (`kept`). `waits`: it is still to be compared. `faces` is how far the comparison
    of its photos is; `several` the id of a photo in which several people are and none is marked."""

    lines: tuple[LikelyCase, ...]
    apart: tuple[LikelyCase, ...]
    elsewhere: tuple[str | None, ...]
    parts: tuple[PartSaid, ...]
    kept: str | None
    faces: Literal["none", "asked", "compared", "unseen", "refused"]
    several: str | None
    waits: bool


@dataclass(frozen=True)
class Side(CaseLine):
    """One of two cases side by side."""

    facts: Facts
    police_reference: str
    photos: tuple[CasePhoto, ...]


@dataclass(frozen=True)
class WaySaid:
    """What it would mean to make `case_id` part of `kept_id`. `refusal`: why it cannot be done; `photos` it has,
    `templates` would be erased, `undecided` candidates searched anew; `verified`: its photos could be enrolled for the
    kept case."""

    case_id: str
    kept_id: str
    refusal: str | None
    photos: int
    templates: int
    undecided: int
    verified: bool


@dataclass(frozen=True)
class BesideSaid:
    """Two cases side by side. `stamp` is how they stand: send it with what you decide. The better of two ways to merge
    them comes first."""

    one: Side
    other: Side
    pair: PairSaid | None
    likeness: LikenessSaid
    stamp: str
    ways: tuple[WaySaid, ...]
