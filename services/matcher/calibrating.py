"""Fits likelihood ratios to labelled photographs, and says what they cost on people unseen."""

import math
from dataclasses import replace

import numpy as np

from services.matcher import fitting
from services.matcher.adapting import folds_of, pairs_of, part_of
from services.matcher.calibration import Calibration
from services.matcher.evaluation.embedding import Embedded
from services.matcher.matching import Matching
from services.matcher.metric import band_of


def tried(data: Embedded, current: Matching) -> tuple[tuple[float, float], tuple[float, float]]:
    """Cllr in bits before and after, of people whom the fit has not seen; for each half of the people.

    Raises HomewardError for too few people.
    """
    folds = folds_of(data)
    first, second = (
        _costs(part_of(data, unseen), current, fitted(part_of(data, ~unseen), current)) for unseen in (folds, ~folds)
    )
    return first, second


def fitted(data: Embedded, current: Matching) -> Matching:
    """The matching with odds as this data's pairs have them."""
    deviation, apart, same = _told(data, current)
    odds = fitting.odds(deviation, apart, same)
    return Matching(current.metric, replace(current.calibration, odds=odds))


def _costs(data: Embedded, before: Matching, after: Matching) -> tuple[float, float]:
    deviation, apart, same = _told(data, before)
    return (
        fitting.cost(_ratios(before.calibration, deviation, apart), same),
        fitting.cost(_ratios(after.calibration, deviation, apart), same),
    )


def _ratios(calibration: Calibration, deviation: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Natural logs of the likelihood ratios (n,)."""
    told = [calibration.weight(z, gap) for z, gap in zip(deviation, apart, strict=True)]
    return np.asarray(told) * math.log(10)


def _told(data: Embedded, matching: Matching) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each labelled pair's deviation from strangers, years apart (0 where unknown), and whether it is one person."""
    scores, same, places = pairs_of(data, matching.metric)
    strangers = matching.calibration.strangers
    probe, known = data.ages[places[:, 0]], data.ages[places[:, 1]]
    bands = band_of(known)
    return (scores - strangers.mean[bands]) / strangers.spread[bands], np.nan_to_num(np.abs(probe - known)), same
