"""Fits likelihood ratios to labelled photographs, and says what they cost on people unseen."""

from dataclasses import replace

from services.matcher import fitting
from services.matcher.evaluation.embedding import Embedded
from services.matcher.labelled import cost_of, deviations, folds_of, part_of
from services.matcher.matching import Matching


def tried(data: Embedded, current: Matching) -> tuple[tuple[float, float], tuple[float, float]]:
    """Cllr in bits before and after, of people whom the fit has not seen; for each half of the people.

    Raises HomewardError for too few people.
    """
    folds = folds_of(data)
    halves = part_of(data, folds), part_of(data, ~folds)
    first, second = (
        (cost_of(unseen, current), cost_of(unseen, fitted(seen, current))) for unseen, seen in (halves, halves[::-1])
    )
    return first, second


def fitted(data: Embedded, current: Matching) -> Matching:
    """The matching with odds as this data's pairs have them. The metric must not have been fitted on these people: it
    would be surer of them than of anybody else."""
    odds = fitting.odds(*deviations(data, current))
    return Matching(current.metric, replace(current.calibration, odds=odds))
