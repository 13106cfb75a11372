"""What an officer reads of a case's likely duplicates: the list beside it, and two cases side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.review import photos
from services.review.base import db
from services.review.candidates import store as candidates
from services.review.candidates.rules import UNDECIDED
from services.review.cases import comparing, face_check, links, merged, pairs, store
from services.review.cases.duplicate_models import LikelyPair
from services.review.cases.likeness import Likeness, compare
from services.review.cases.models import Case
from services.review.cases.rules import OPEN, TABLE
from services.review.drafts import store as drafts
from services.review.people.rules import may
from services.review.photo_models import Photo
from services.review.views import reading
from services.review.views.access import officer
from services.review.views.context import tools

Faces = Literal["none", "asked", "compared", "unseen", "refused"]


@dataclass(frozen=True)
class Line:
    """Another case that is perhaps of the same child; `likeness` None where the reports do not agree enough."""

    pair: LikelyPair
    case: Case
    name: str
    likeness: Likeness | None


@dataclass(frozen=True)
class Part:
    """A case that was merged into the one that is read; `candidates` how many sighted children resembled it."""

    case: Case
    name: str | None
    photos: Sequence[Photo]
    candidates: int
    readable: bool


@dataclass(frozen=True)
class Alike:
    """`apart`: declared distinct. `elsewhere`: regions of like cases that this officer may not read, each once.
    `kept`: the case that a merged one is part of. `faces`: how far the comparison of its photos is; `several`: a photo
    in which several people are and none is marked."""

    lines: Sequence[Line]
    apart: Sequence[Line]
    elsewhere: Sequence[str | None]
    parts: Sequence[Part]
    kept: Case | None
    faces: Faces
    several: Photo | None
    waits: bool
    open: bool

    @property
    def found(self) -> bool:
        """Whether there is anything of it to look at before the report itself."""
        return bool(self.lines or self.elsewhere or self.parts or self.kept)

    @property
    def asked(self) -> bool:
        """Whether something of it is on its way."""
        return self.open and (self.waits or self.faces == "asked")


@dataclass(frozen=True)
class Way:
    """What it would mean to merge one case into the other. `refusal`: why it cannot be done, a key of words.REASONS."""

    case: Case
    kept: Case
    refusal: str | None
    photos: int
    templates: int
    undecided: int
    verified: bool


@dataclass(frozen=True)
class Beside:
    """Two cases side by side."""

    one: reading.CaseRead
    other: reading.CaseRead
    pair: LikelyPair | None
    likeness: Likeness
    stamp: str
    ways: Sequence[Way]

    @property
    def open(self) -> bool:
        """Whether both are."""
        return self.one.row.state in OPEN and self.other.row.state in OPEN


def of(read: reading.CaseRead) -> Alike:
    """All that stands beside a case that the officer reads."""
    session, row = db.session(), read.row
    found = pairs.of_case(session, row.id) if row.state in OPEN else []
    seen = [(pair, case) for pair, case in found if may(officer(), "case.read", case.region, case.id)]
    unseen = {case.region: None for pair, case in found if (pair, case) not in seen and pair.apart_by is None}
    lines = [line for pair, case in seen if (line := _line(read, pair, case))]
    faces, several = _faces(row)
    return Alike(
        lines=[line for line in lines if line.pair.apart_by is None],
        apart=[line for line in lines if line.pair.apart_by is not None],
        elsewhere=list(unseen),
        parts=[_part(part) for part in links.parts(session, row)],
        kept=links.head(session, row) if row.merged_into else None,
        faces=faces,
        several=several,
        waits=row.compared_at is None,
        open=row.state in OPEN,
    )


def _line(read: reading.CaseRead, pair: LikelyPair, case: Case) -> Line | None:
    details = store.opened(tools(), case)
    if details is None or read.details is None:
        return None
    return Line(pair, case, details.child.name, compare(comparing.told(read.details), comparing.told(details)))


def _part(case: Case) -> Part:
    session, details = db.session(), store.opened(tools(), case)
    readable = may(officer(), "case.read", case.region, case.id)
    own = [] if photos.are_locked(session, case) else photos.of_case(session, case.id)
    name = details.child.name if details and readable else None
    return Part(case, name, own, len(candidates.of_case(session, case.id)), readable)


def _faces(row: Case) -> tuple[Faces, Photo | None]:
    asked = face_check.latest(db.session(), row.id)
    if not asked:
        return "none", None
    if any(search.state == "asked" for search in asked):
        return "asked", None
    if any(search.faces_searched for search in asked):
        return "compared", None
    if all(search.state == "refused" for search in asked):
        return "refused", None
    several = next((search.photo_id for search in asked if (search.faces_found or 0) > 1), None)
    return "unseen", photos.get(db.session(), several) if several else None


def beside(case_id: str, other_id: str) -> Beside | None:
    """Two cases of which neither is erased; None if one is. Raises NotAllowed("not_found", "not_permitted")."""
    one, other = reading.case(case_id), reading.case(other_id)
    if one.details is None or other.details is None:
        return None
    pair = pairs.get(db.session(), one.row.id, other.row.id)
    return Beside(
        one, other, pair, compare(comparing.told(one.details), comparing.told(other.details)),
        pairs.stamp(pair, one.row, other.row), sorted((_way(other, one), _way(one, other)), key=_is_second_best),
    )  # fmt: skip


def _is_second_best(way: Way) -> tuple[bool, bool, datetime]:
    """A way that can be gone comes first, then the one that keeps the registered case, or else the older one."""
    return way.refusal is not None, way.kept.state != "registered", way.kept.opened_at


def _way(read: reading.CaseRead, into: reading.CaseRead) -> Way:
    session, row = db.session(), read.row
    own = photos.of_case(session, row.id)
    return Way(
        row,
        into.row,
        _refusal(row, into.row),
        len(own),
        sum(photo.outcome == "enrolled" for photo in own),
        sum(candidate.state in UNDECIDED for candidate in read.candidates),
        merged.verified(tools(), into.row, row),
    )


def _refusal(case: Case, kept: Case) -> str | None:
    if kept.state not in OPEN:
        return "kept_ended"
    if "merge" not in TABLE[case.state]:  # type: ignore[index]
        return "not_verifying"
    return "alert_live" if drafts.listed(db.session(), ("live",), case.id) else None
