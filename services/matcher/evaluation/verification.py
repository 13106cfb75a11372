"""The figures of verification, for pairs files: is this the same person? One comparison a pair. Pure numpy.

FMR is the share of pairs of two people that score at or above a threshold, FNMR the share of pairs of one person that
score below it (ISO/IEC 19795-1); they are to pairs what FPIR and FNIR are to searches, and are counted by that code.
"""

from dataclasses import dataclass

import numpy as np

from services.matcher.evaluation import bootstrap, figures
from services.matcher.evaluation.bootstrap import SAMPLES, SEED, Figure
from services.matcher.evaluation.figures import Searches

FALSE_MATCH_RATES = (0.001, 0.01, 0.1)
STEPS = np.linspace(0, 1, 1001)


@dataclass(frozen=True, eq=False)
class Verification:
    """Shares are 0 to 1; `fnmr` and `thresholds` by FMR. `equal` is the rate at which both errors are alike."""

    searches: Searches
    same: int
    different: int
    fnmr: dict[float, Figure]
    thresholds: dict[float, float]
    equal: float
    separation: float


def verification(
    scores: np.ndarray, same: np.ndarray, people: np.ndarray, *, samples: int = SAMPLES, seed: int = SEED
) -> Verification:
    """All figures of pairs: `scores` (n,), `same` (n,) bool, `people` (n,) who is on each pair's first photo."""
    done = Searches(np.where(same, scores, -np.inf), same.astype(np.int64), np.where(same, np.nan, scores), people)
    return Verification(
        done,
        int(same.sum()),
        int((~same).sum()),
        {rate: bootstrap.figure(figures.missed_at(done, rate), people, samples, seed) for rate in FALSE_MATCH_RATES},
        {rate: figures.threshold(done, rate) for rate in FALSE_MATCH_RATES},
        equal_error(done),
        figures.separation(scores[same], scores[~same]),
    )


def equal_error(done: Searches) -> float:
    """The error rate where FMR and FNMR are closest, to a tenth of a per cent."""
    missed = figures.det(done, STEPS.tolist())
    at = int(np.argmin(np.abs(missed - STEPS)))
    return float((missed[at] + STEPS[at]) / 2)
