"""What an officer reads, gathered once for the page and for the JSON: a case, a sighting, a candidate, a draft."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from services.review import photos, repeats
from services.review.acting import allow
from services.review.base import db
from services.review.candidates import opinions
from services.review.candidates import store as candidates
from services.review.candidates.models import Candidate, DecisionRow, Judgement, Search, Sighting
from services.review.candidates.schemas import SightingDetails
from services.review.cases import rules
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.cases.schemas import Details
from services.review.drafts import store as drafts
from services.review.drafts.models import Draft
from services.review.drafts.schemas import DraftFields
from services.review.people.rules import may
from services.review.photo_models import Photo
from services.review.repeats import Repeat
from services.review.views.access import officer
from services.review.views.context import tools
from shared.boxes import reaches
from shared.errors import NotAllowed
from shared.messages import Box, Point


@dataclass(frozen=True)
class CaseRead:
    """A case as an officer of its jurisdiction reads it. `refusals`: why it cannot be registered now."""

    row: Case
    details: Details | None
    photos: Sequence[Photo]
    drafts: Sequence[Draft]
    candidates: Sequence[Candidate]
    refusals: Sequence[str]
    acts: Sequence[str]
    locked: bool
    """Whether its photos are."""
    repeats: Mapping[str, Repeat]
    """Which of its pictures are elsewhere too, by the photo's id."""

    @property
    def age(self) -> int | None:
        """Whole years when last seen."""
        return age_of(self.details) if self.details else None

    def age_in(self, photo: Photo) -> float | None:
        """Years of age in a photo, where it is known."""
        return rules.age_at_photo(self.details.child.born, photo.taken, photo.age) if self.details else None


@dataclass(frozen=True)
class SightingRead:
    """A sighting, its photos each with its latest search, and the candidates that came of it."""

    row: Sighting
    details: SightingDetails | None
    photos: Sequence[tuple[Photo, Search | None]]
    candidates: Sequence[Candidate]
    repeats: Mapping[str, Repeat]


@dataclass(frozen=True)
class FaceRead:
    """A face that the matcher saw: its box in pixels, its middle in fractions, and whether it is marked."""

    box: tuple[int, int, int, int]
    point: Point
    marked: bool


@dataclass(frozen=True)
class PhotoRead:
    """A photo with the faces in it. `case` or `sighting` is what it belongs to; `search` a sighting's latest."""

    row: Photo
    owner: Case | Sighting
    case: CaseRead | None
    search: Search | None
    faces: Sequence[FaceRead]


@dataclass(frozen=True)
class CandidateRead:
    """A candidate with both its sides, and only those decisions that this officer may see.

    `judgement` is this officer's own; `shows` whether the matcher's word may be shown; `revision` how many decisions
    there are.
    """

    row: Candidate
    case: CaseRead
    case_photo: Photo
    sighting: Sighting
    sighting_details: SightingDetails | None
    photo: Photo
    decisions: Sequence[tuple[DecisionRow, str | None]]
    refusal: str | None
    judgement: Judgement | None
    shows: bool
    revision: int

    @property
    def age_at_photo(self) -> float | None:
        return self.case.age_in(self.case_photo)


@dataclass(frozen=True)
class DraftRead:
    """A version of an alert. `refusal`: why this officer cannot approve it, if it is pending."""

    row: Draft
    case: Case
    details: Details | None
    fields: DraftFields | None
    writers: frozenset[str]
    reason: str | None
    refusal: str | None


def age_of(details: Details) -> int:
    return rules.age_on(details.child.born, details.last_seen.at.astimezone(UTC).date())


def case(case_id: str) -> CaseRead:
    """Raises NotAllowed("not_found", "not_permitted")."""
    row = cases.get(db.session(), case_id)
    allow(officer(), "case.read", row.region, row.id)
    return _case(row)


def _case(row: Case) -> CaseRead:
    session, details = db.session(), cases.opened(tools(), row)
    own = photos.of_case(session, row.id)
    return CaseRead(
        row,
        details,
        own,
        drafts.listed(session, case_id=row.id),
        candidates.of_case(session, row.id),
        _refusals(row, details),
        [act for act in rules.acts(row.state) if may(officer(), f"case.{act}", row.region, row.id)],  # type: ignore[arg-type]
        photos.are_locked(session, row),
        repeats.of(session, officer(), own),
    )


def _refusals(row: Case, details: Details | None) -> list[str]:
    if details is None or row.state in rules.ENDED:
        return ["closed"]
    return list(rules.may_register(cases.facts(row, details), officer().id))


def sighting(row: Sighting) -> SightingRead:
    session = db.session()
    searches = {search.photo_id: search for search in sorted(candidates.searches_of(session, row.id), key=_asked)}
    own = photos.of_sighting(session, row.id)
    return SightingRead(
        row,
        candidates.opened(tools(), row),
        [(photo, searches.get(photo.id)) for photo in own],
        candidates.of_sighting(session, row.id),
        repeats.of(session, officer(), own),
    )


def probe(sighting_id: str) -> SightingRead:
    """An officer's probe. Raises NotAllowed("not_found", "not_permitted")."""
    row = candidates.get_sighting(db.session(), sighting_id)
    if row.probed_by is None:
        raise NotAllowed("not_found", f"no probe {sighting_id}")
    allow(officer(), "photo.search", row.region)
    return sighting(row)


def photo(photo_id: str) -> PhotoRead:
    """Raises NotAllowed("not_found", "not_permitted", "erased", "photo_locked")."""
    session = db.session()
    row = photos.get(session, photo_id)
    owner = photos.owner(session, row)
    allow(officer(), "photo.read", owner.region, owner.id if isinstance(owner, Case) else None)
    if row.blob is None:
        raise NotAllowed("erased", "the photo has been erased")
    if isinstance(owner, Case):
        if photos.are_locked(session, owner):
            raise NotAllowed("photo_locked", f"the case is {owner.state}")
        return PhotoRead(row, owner, _case(owner), None, _faces(row))
    asked = [search for search in candidates.searches_of(session, owner.id) if search.photo_id == row.id]
    return PhotoRead(row, owner, None, max(asked, key=_asked, default=None), _faces(row))


def _faces(row: Photo) -> list[FaceRead]:
    """From left to right, as one reads."""
    marks = row.faces or ([row.face] if row.face else None)
    seen = []
    for x, y, w, h in sorted(row.found or ()):
        marked = len(row.found or ()) == 1 if marks is None else any(_means((x, y, w, h), mark, row) for mark in marks)
        box = (round(x * row.width), round(y * row.height), round(w * row.width), round(h * row.height))
        seen.append(FaceRead(box, (round(x + w / 2, 4), round(y + h / 2, 4)), marked))
    return seen


def _means(box: Box, mark: Sequence[float], row: Photo) -> bool:
    """Whether this is the face that the matcher takes for the mark: the nearest one that it reaches."""
    point = (mark[0], mark[1])
    near = [tuple(other) for other in row.found or () if reaches(tuple(other), point)]
    return box == min(near, key=lambda at: math.dist((at[0] + at[2] / 2, at[1] + at[3] / 2), point), default=None)


def _asked(search: Search) -> str:
    return search.asked_at.isoformat()


def candidate(candidate_id: str) -> CandidateRead:
    """Raises NotAllowed("not_found", "not_permitted")."""
    session = db.session()
    row = candidates.get(session, candidate_id)
    case_row = cases.get(session, row.case_id)
    allow(officer(), "candidate.read", case_row.region, case_row.id)
    seen = opinions.visible_decisions(session, tools(), row, officer())
    sighted = candidates.get_sighting(session, row.sighting_id)
    return CandidateRead(
        row,
        _case(case_row),
        photos.get(session, row.case_photo_id),
        sighted,
        candidates.opened(tools(), sighted),
        photos.get(session, row.photo_id),
        [(decision, opinions.note_of(session, tools(), decision)) for decision in seen],
        _decision_refusal(row, case_row),
        opinions.judgement_of(session, row.id, officer().id),
        opinions.shows_likelihood(session, tools(), row, officer()),
        len(opinions.decisions(session, row.id)),
    )


def _decision_refusal(row: Candidate, case_row: Case) -> str | None:
    """Why this officer cannot decide now, None if they can."""
    made = {decision.officer for decision in opinions.decisions(db.session(), row.id)}
    if row.state in ("confirmed", "rejected", "inconclusive"):
        return "wrong_state"
    if not may(officer(), "candidate.decide", case_row.region, case_row.id):
        return "not_permitted"
    if case_row.state != "registered":
        return "case_not_registered"
    if officer().id in made:
        return "already_decided"
    settling = row.state == "disputed" and not may(officer(), "candidate.settle", case_row.region, case_row.id)
    return "supervisor_needed" if settling else None


def draft(draft_id: str) -> DraftRead:
    """Raises NotAllowed("not_found", "not_permitted")."""
    session = db.session()
    row = drafts.get(session, draft_id)
    its = drafts.case_of(session, row)
    allow(officer(), "case.read", its.region, its.id)
    writers = frozenset(drafts.writers(session, row.id))
    fields, reason = drafts.opened(session, tools(), row), drafts.reason_of(session, tools(), row)
    details = cases.opened(tools(), its)
    return DraftRead(row, its, details, fields, writers, reason, _approval_refusal(its, writers))


def _approval_refusal(its: Case, writers: frozenset[str]) -> str | None:
    if not may(officer(), "draft.approve", its.region, its.id):
        return "not_permitted"
    return "own_draft" if officer().id in writers else None
