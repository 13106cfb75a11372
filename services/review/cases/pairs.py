"""Loads and saves pairs of cases that may be of the same child."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from services.review.cases.duplicate_models import CaseTrace, LikelyPair
from services.review.cases.models import Case
from services.review.cases.rules import OPEN
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

_ALIKE = or_(LikelyPair.points.is_not(None), LikelyPair.band.is_not(None))


def of_case(session: Session, case_id: str) -> Sequence[tuple[LikelyPair, Case]]:
    """Each pair of a case whose other case is open, and that other case, the likeliest first: also those that were
    declared distinct."""
    other = or_(
        and_(LikelyPair.first_id == case_id, Case.id == LikelyPair.second_id),
        and_(LikelyPair.second_id == case_id, Case.id == LikelyPair.first_id),
    )
    wanted = or_(_ALIKE, LikelyPair.apart_by.is_not(None))
    found = session.execute(select(LikelyPair, Case).join(Case, other).where(Case.state.in_(OPEN), wanted))
    return sorted(((row[0], row[1]) for row in found), key=lambda each: -_weight(each[0]))


def _weight(pair: LikelyPair) -> float:
    """What is said of the faces before what agrees in the reports."""
    return 100.0 * (pair.score or 0.0) + (pair.points or 0)


def marked(session: Session, case_ids: Iterable[str]) -> set[str]:
    """Which of these cases are perhaps of the same child as another open one, and nobody has said otherwise."""
    first, second = aliased(Case), aliased(Case)
    query = select(LikelyPair.first_id, LikelyPair.second_id)
    query = query.join(first, LikelyPair.first_id == first.id).join(second, LikelyPair.second_id == second.id)
    wanted = set(case_ids)
    either = or_(LikelyPair.first_id.in_(wanted), LikelyPair.second_id.in_(wanted))
    query = query.where(either, _ALIKE, LikelyPair.apart_by.is_(None), first.state.in_(OPEN), second.state.in_(OPEN))
    return {id_ for row in session.execute(query) for id_ in row} & wanted


def get(session: Session, one: str, other: str) -> LikelyPair | None:
    first, second = sorted((one, other))
    return session.scalar(select(LikelyPair).filter_by(first_id=first, second_id=second))


def kept(work: Work, one: str, other: str) -> LikelyPair:
    """The pair's row, made if there is none. The caller has locked both cases."""
    pair = get(work.session, one, other)
    if pair is None:
        first, second = sorted((one, other))
        pair = LikelyPair(id=random_id(), first_id=first, second_id=second, found_at=work.now, revision=0)
        work.session.add(pair)
    return pair


def stamp(pair: LikelyPair | None, one: Case, other: Case) -> str:
    """How two cases stood when somebody read them; another stamp: one of them was changed since."""
    first, second = sorted((one, other), key=lambda case: case.id)
    return f"{pair.revision if pair else 0} {_time(first.changed_at)} {_time(second.changed_at)}"


def _time(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S%f}"


def check_unchanged(pair: LikelyPair | None, one: Case, other: Case, seen: str | None) -> None:
    """Raises NotAllowed("pair_changed") unless both cases are as they were read; None: it does not matter."""
    if seen is not None and seen != stamp(pair, one, other):
        raise NotAllowed("pair_changed", "one of the two cases was changed since they were compared")


def forget_case(session: Session, case_id: str) -> None:
    """A case is erased: so is whom it resembled, and all that it was found by."""
    session.execute(delete(LikelyPair).where(or_(LikelyPair.first_id == case_id, LikelyPair.second_id == case_id)))
    session.execute(delete(CaseTrace).where(CaseTrace.case_id == case_id))
