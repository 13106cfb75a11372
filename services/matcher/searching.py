"""From a probe to ranked candidates: what the gallery finds, weighed case by case, in bands."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from sqlalchemy.orm import Session

from services.matcher.calibration import Weighed
from services.matcher.gallery import Gallery
from services.matcher.matching import Matching
from services.matcher.rules import Hit
from shared.messages import Point, RankedCandidate

LOOKED_AT = 200
"""How many cases, by their best photo, are weighed with all their photos before the best are answered."""


def candidates(
    session: Session,
    gallery: Gallery,
    matching: Matching,
    probes: Sequence[tuple[Point, np.ndarray]],
    probe_age: float | None,
    limit: int,
) -> tuple[RankedCandidate, ...]:
    """The cases that any of the probes (face, raw vector) resembles, best first, each once by its best face."""
    best: dict[str, tuple[Weighed, Point]] = {}
    for face, vector in probes:
        hits = gallery.search(session, matching.metric, vector, probe_age, LOOKED_AT)
        for weighed in weigh(hits, matching, probe_age):
            known = best.get(weighed.best.case_key)
            if known is None or weighed.evidence > known[0].evidence:
                best[weighed.best.case_key] = (weighed, face)
    if not best:
        return ()
    return ranked(list(best.values()), matching, gallery.cases(session), probe_age, limit)


def weigh(hits: Sequence[Hit], matching: Matching, probe_age: float | None) -> list[Weighed]:
    """Each case's photos weighed together."""
    by_case = sorted(hits, key=lambda hit: hit.case_key)
    return [
        matching.calibration.weigh(list(photos), probe_age)
        for _, photos in groupby(by_case, key=lambda hit: hit.case_key)
    ]


def ranked(
    found: Sequence[tuple[Weighed, Point]], matching: Matching, cases: int, probe_age: float | None, limit: int
) -> tuple[RankedCandidate, ...]:
    """At most `limit` candidates, best first; none below the floor for a gallery of `cases` cases."""
    answer: list[RankedCandidate] = []
    for weighed, face in sorted(found, key=lambda pair: -pair[0].evidence)[:limit]:
        band = matching.calibration.band(weighed.evidence, cases)
        if band is None:
            break
        hit = weighed.best
        gap = None if probe_age is None or hit.age_at_photo is None else probe_age - hit.age_at_photo
        answer.append(
            RankedCandidate(len(answer) + 1, hit.case_key, hit.photo_id, round(weighed.evidence, 3), band, face, gap)
        )
    return tuple(answer)
