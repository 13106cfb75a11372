"""From vectors to evidence, by the code that ranks candidates in production: metric, photos weighed case by case."""

from dataclasses import dataclass

import numpy as np

from services.matcher.evaluation.embedding import Embedded
from services.matcher.matching import Matching
from services.matcher.rules import Hit
from services.matcher.searching import LOOKED_AT, weigh


@dataclass(frozen=True, eq=False)
class Scored:
    """Evidence of every search. `scores` (probes, identities): log10 of the likelihood ratio, -inf for who was not
    looked at; `mate` (probes,): the mate's column, -1 for none. Columns are `gallery_identity` (identities,) and
    rows `probe` (probes,), places in the Embedded; `best` (probes, identities): the place of the most telling photo, -1
    where there is none."""

    scores: np.ndarray
    mate: np.ndarray
    best: np.ndarray
    gallery_identity: np.ndarray
    probe: np.ndarray
    people: np.ndarray


def scored(data: Embedded, matching: Matching) -> Scored:
    """Every probe searched in the whole gallery; each person's photos weighed together (`searching.weigh`)."""
    gallery, probe = np.flatnonzero(data.role == "gallery"), np.flatnonzero(data.role == "probe")
    people = np.unique(data.identity[gallery])
    column = np.searchsorted(people, data.identity[gallery])
    metric = matching.metric
    templates = metric.templates(data.vectors[gallery], data.ages[gallery])
    probes = metric.probes(data.vectors[probe], data.ages[probe])
    scores = np.full((len(probe), len(people)), -np.inf)
    best = np.full((len(probe), len(people)), -1, np.int64)
    for row, vector in enumerate(probes):
        _search(data, matching, templates @ vector, gallery, column, probe[row], scores[row], best[row])
    return Scored(scores, _mates(people, data.identity[probe]), best, people, probe, data.identity[probe])


def _search(
    data: Embedded, matching: Matching, raw: np.ndarray, gallery: np.ndarray, column: np.ndarray, probe: int,
    scores: np.ndarray, best: np.ndarray,
) -> None:  # fmt: skip
    """Fills one probe's row: as in production, the LOOKED_AT best cases by their best photo are weighed."""
    top = np.full(len(scores), -np.inf)
    np.maximum.at(top, column, raw)
    looked_at = np.zeros(len(scores), bool)
    looked_at[np.argsort(-top, kind="stable")[:LOOKED_AT]] = True
    hits = [
        Hit(
            str(column[at]),
            str(gallery[at]),
            float(raw[at]),
            age_of(data, gallery[at]),
            float(data.quality[gallery[at]]),
        )
        for at in np.flatnonzero(looked_at[column])
    ]
    for weighed in weigh(hits, matching, age_of(data, probe)):
        case = int(weighed.best.case_key)
        scores[case], best[case] = weighed.evidence, int(weighed.best.photo_id)


def age_of(data: Embedded, place: int) -> float | None:
    """A photo's age as the matcher takes it: None where unknown."""
    age = float(data.ages[place])
    return None if np.isnan(age) else age


def _mates(people: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    if not len(people):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(people, wanted), len(people) - 1)
    return np.where(people[at] == wanted, at, -1)
