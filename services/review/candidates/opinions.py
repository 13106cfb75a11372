"""Loads and saves what officers think of a candidate: first judgements and decisions, each for the eyes it is for."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.candidates import blindness, rules
from services.review.candidates.checklist import Features
from services.review.candidates.models import Candidate, DecisionRow, Judgement
from services.review.candidates.schemas import FEATURES
from services.review.cases.models import Case
from services.review.content import key_of, open_text, seal_text
from services.review.people.rules import Actor, may
from services.review.tools import Tools


def decisions(session: Session, candidate_id: str) -> Sequence[DecisionRow]:
    """Every decision on a candidate, in order. For pages and the API use `visible_decisions`."""
    query = select(DecisionRow).where(DecisionRow.candidate_id == candidate_id)
    return session.scalars(query.order_by(DecisionRow.position)).all()


def judgements(session: Session, candidate_id: str) -> dict[str, Judgement]:
    """Every first judgement on a candidate, by officer. Not for pages: they are as secret as decisions."""
    query = select(Judgement).where(Judgement.candidate_id == candidate_id)
    return {row.officer: row for row in session.scalars(query)}


def judgement_of(session: Session, candidate_id: str, officer: str) -> Judgement | None:
    query = select(Judgement).where(Judgement.candidate_id == candidate_id, Judgement.officer == officer)
    return session.scalar(query)


def is_independent(session: Session, tools: Tools, candidate: Candidate, viewer: Actor) -> bool:
    """Whether `viewer` is still to decide without knowing others' decisions (`blindness.still_independent`)."""
    case = session.get(Case, candidate.case_id)
    return blindness.still_independent(
        candidate.state,  # type: ignore[arg-type]
        may_settle=case is not None and may(viewer, "candidate.settle", case.region, case.id),
        judged=judgement_of(session, candidate.id, viewer.id) is not None,
        blind=tools.room.settings.blind_comparison,
    )


def visible_decisions(session: Session, tools: Tools, candidate: Candidate, viewer: Actor) -> list[DecisionRow]:
    """The decisions that `viewer` may see: never another's before one's own."""
    rows = decisions(session, candidate.id)
    made = [rules.Decision(row.officer, row.outcome) for row in rows]  # type: ignore[arg-type]
    independent = is_independent(session, tools, candidate, viewer)
    seen = {item.officer for item in blindness.visible(made, viewer.id, independent=independent)}
    return [row for row in rows if row.officer in seen]


def shows_likelihood(session: Session, tools: Tools, candidate: Candidate, viewer: Actor) -> bool:
    """Whether `viewer` may see the matcher's word on the candidate (`blindness.shows_likelihood`)."""
    return blindness.shows_likelihood(
        candidate.state,  # type: ignore[arg-type]
        judged=judgement_of(session, candidate.id, viewer.id) is not None,
        blind=tools.room.settings.blind_comparison,
    )


def seal_note(tools: Tools, case: Case, decision_id: str, note: str) -> bytes | None:
    about = f"decision {decision_id}"
    return seal_text(key_of(tools.room.keys, case), note, about) if note else None


def note_of(session: Session, tools: Tools, row: DecisionRow) -> str | None:
    """The officer's note; None when there is none, or it has been erased."""
    return _opened(session, tools, row.candidate_id, row.note, f"decision {row.id}")


def seal_features(tools: Tools, case: Case, row_id: str, features: Features) -> bytes:
    """`row_id` is that of the judgement or decision that they belong to."""
    text = json.dumps(FEATURES.dump(features))
    return seal_text(key_of(tools.room.keys, case), text, f"features {row_id}")


def features_of(session: Session, tools: Tools, row: DecisionRow | Judgement) -> Features:
    """The checklist behind a judgement or decision; nothing looked at where there is none, or it has been erased."""
    text = _opened(session, tools, row.candidate_id, row.features, f"features {row.id}")
    return FEATURES.loads(text) if text else Features()  # type: ignore[return-value]


def _opened(session: Session, tools: Tools, candidate_id: str, sealed: bytes | None, about: str) -> str | None:
    candidate = session.get(Candidate, candidate_id)
    case = session.get(Case, candidate.case_id) if candidate else None
    if sealed is None or case is None or case.content_key is None:
        return None
    return open_text(key_of(tools.room.keys, case), sealed, about)
