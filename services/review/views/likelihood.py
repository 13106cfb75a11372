"""The matcher's word on a candidate, for those who may see it now; `candidates/blindness.py` says who."""

from typing import Any

from flask import g
from flask_babel import gettext
from sqlalchemy import select

from services.review import words
from services.review.base import db
from services.review.candidates import blindness
from services.review.candidates.models import Candidate, Judgement
from services.review.candidates.rules import UNDECIDED
from services.review.views.access import officer
from services.review.views.context import tools

MANY = 0.5
MOST_SAID = 6
"""Above ten to this power the evidence is said to be more than that."""


def shown(row: Candidate) -> bool:
    """Whether this officer may see it."""
    blind = tools().room.settings.blind_comparison
    return blindness.shows_likelihood(row.state, judged=row.id in _judged(), blind=blind)  # type: ignore[arg-type]


def said(row: Candidate) -> dict[str, Any]:
    """Rank, band, evidence (log10 of the likelihood ratio) and age gap; all null while they are hidden."""
    word = {"rank": row.rank, "band": row.band, "evidence": row.score, "age_gap": row.age_gap}
    return word if shown(row) else dict.fromkeys(word)


def band(row: Candidate) -> str:
    """The likelihood band in words, or that it comes after one's own judgement."""
    return str(words.BANDS.get(row.band, row.band)) if shown(row) else gettext("shown after your own judgement")


def evidence(score: float) -> str:
    """What a score says of strangers, as a sentence.

    It is log10 of a likelihood ratio, or of how rarely a stranger comes so near; and a stranger's ratio is above N at
    most once in N (Markov's inequality), so the sentence holds for both.
    """
    if score < MANY:
        return gettext("Many photos of other children look this much alike.")
    count = f"{_rounded(10 ** min(score, MOST_SAID)):,}"
    if score > MOST_SAID:
        return gettext("Of photos of other children, fewer than one in %(count)s looks this much alike.", count=count)
    return gettext("Of photos of other children, at most about one in %(count)s looks this much alike.", count=count)


def _rounded(number: float) -> int | float:
    """Two figures of it; evidence is known no better."""
    found = float(f"{number:.2g}")
    return int(found) if found >= 10 else found


def _judged() -> set[str]:
    """The undecided candidates that this officer has judged, asked once a request."""
    if "judged" not in g:
        query = select(Judgement.candidate_id).join(Candidate, Judgement.candidate_id == Candidate.id)
        mine = query.where(Judgement.officer == officer().id, Candidate.state.in_(UNDECIDED))
        g.judged = set(db.session.scalars(mine))
    return g.judged  # type: ignore[no-any-return]
