"""What the matcher admits and what it answers: grants, likelihood bands, ranking. Pure.

The matcher trusts no caller: whatever review asks for, it is done only under a grant that the gate signed, and what
that grant says is judged here again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from shared.grants import EnrolmentGrant, Grant, SearchGrant
from shared.messages import Band, Point, Purpose, RankedCandidate, RefusalReason

ADULT = 18
MOST_CANDIDATES = 50
LONGEST_SEARCH_GRANT = timedelta(minutes=15)
CLOCKS_DIFFER = timedelta(minutes=1)


def may_enrol(grant: Grant, case_key: str, photo_digest: str) -> bool:
    """Whether the grant admits the template of this photo under this case key.

    It is an enrolment grant; for exactly this case key and photo; of a child who was under 18 when last seen.
    """
    return (
        isinstance(grant, EnrolmentGrant)
        and grant.purpose == "enrolment"
        and grant.case_key == case_key
        and grant.photo_digest == photo_digest
        and isinstance(grant.age_when_last_seen, int | float)
        and 0 <= grant.age_when_last_seen < ADULT
    )


def search_refusal(
    grant: Grant, search_id: str, photo_digest: str, now: datetime, *, used: bool
) -> RefusalReason | None:
    """Why the grant does not admit this search now; None if it does.

    It is a search grant, for this search, for a purpose that there is, no longer than the gate ever gives; it was not
    used before; it is for exactly this photo; and its time has come and is not over.
    """
    if not isinstance(grant, SearchGrant) or grant.search_id != search_id or grant.purpose not in get_args(Purpose):
        return "forged"
    if grant.expires_at - grant.issued_at > LONGEST_SEARCH_GRANT:
        return "forged"
    if used:
        return "used"
    if grant.photo_digest != photo_digest:
        return "wrong_photo"
    if not grant.issued_at - CLOCKS_DIFFER <= now <= grant.expires_at:
        return "expired"
    return None


@dataclass(frozen=True)
class Scale:
    """From which score on a resemblance is worth an officer's look, and from which on it is how strong."""

    floor: float
    moderate: float
    strong: float
    very_strong: float

    def band(self, score: float) -> Band:
        """The likelihood band of a score at or above the floor."""
        if score >= self.very_strong:
            return "very_strong"
        if score >= self.strong:
            return "strong"
        return "moderate" if score >= self.moderate else "weak"


@dataclass(frozen=True)
class Hit:
    """A template that resembles a probe. `age_at_photo` is in years."""

    case_key: str
    photo_id: str
    score: float
    age_at_photo: float | None = None


def best_per_case(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """Each case's best photo, at most `limit` cases, from hits that come best first; reads no further than it must."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.case_key, hit)
        if len(best) >= limit:
            break
    return list(best.values())


def most(asked: int) -> int:
    """How many candidates are answered where `asked` were asked for: at least one, at most fifty."""
    return min(max(asked, 1), MOST_CANDIDATES)


def ranked(
    found: Sequence[tuple[Point, Sequence[Hit]]], scale: Scale, probe_age: float | None, limit: int
) -> tuple[RankedCandidate, ...]:
    """The candidates over all searched faces, best first: each case once, by the face that resembles it most."""
    everything = [(hit, face) for face, hits in found for hit in hits if hit.score >= scale.floor]
    everything.sort(key=lambda pair: pair[0].score, reverse=True)
    best: dict[str, tuple[Hit, Point]] = {}
    for hit, face in everything:
        best.setdefault(hit.case_key, (hit, face))
    return tuple(
        RankedCandidate(
            rank=rank,
            case_key=hit.case_key,
            photo_id=hit.photo_id,
            score=round(hit.score, 4),
            band=scale.band(hit.score),
            face=face,
            age_gap=_gap(probe_age, hit.age_at_photo),
        )
        for rank, (hit, face) in enumerate(list(best.values())[:limit], 1)
    )


def _gap(probe_age: float | None, age_at_photo: float | None) -> float | None:
    return None if probe_age is None or age_at_photo is None else probe_age - age_at_photo
