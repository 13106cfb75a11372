"""Labelled photographs to fit on and to judge by: halves of the people, and pairs of one person and of two. Pure."""

import math
from dataclasses import replace

import numpy as np

from services.matcher import fitting
from services.matcher.calibration import Calibration
from services.matcher.evaluation.bootstrap import SEED
from services.matcher.evaluation.embedding import Embedded
from services.matcher.matching import Matching
from services.matcher.metric import Metric, band_of
from shared.errors import HomewardError

FEWEST_PEOPLE = 40
"""People with photos on both sides. With fewer, what half of them say of the other half is mostly chance."""
STRANGERS_A_PROBE = 20
MOST_COST = 0.95
"""Likelihood ratios that cost more (Cllr, in bits) say next to nothing: with them nobody would ever be answered."""


def folds_of(data: Embedded) -> np.ndarray:
    """`half_of`. Raises HomewardError for too few people."""
    check_people(len(_both(data)))
    return half_of(data)


def check_people(count: int) -> None:
    """Raises HomewardError where so many people with photos on both sides are too few."""
    if count < FEWEST_PEOPLE:
        raise HomewardError(
            f"Only {count} people have a usable photo both as a child and later; at least {FEWEST_PEOPLE} are needed "
            "to tell what is better from what was lucky. Nothing was changed."
        )


def half_of(data: Embedded) -> np.ndarray:
    """Half of the people (n,): every other one of those with photos on both sides, and of the others."""
    both = _both(data)
    others = np.setdiff1d(data.identity, both)
    return np.isin(data.identity, np.concatenate([both[::2], others[::2]]))


def _both(data: Embedded) -> np.ndarray:
    return np.intersect1d(data.identity[data.role == "gallery"], data.identity[data.role == "probe"])


def part_of(data: Embedded, chosen: np.ndarray) -> Embedded:
    """The photos (n,) that are chosen, of the same people under the same numbers."""
    ids = tuple(each for each, there in zip(data.ids, chosen, strict=True) if there)
    arrays = {name: getattr(data, name)[chosen] for name in ("vectors", "ages", "identity", "role", "quality")}
    return replace(data, ids=ids, place=np.arange(len(ids)), **arrays)


def pairs_of(data: Embedded, metric: Metric) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores (n,) of every probe with its mates and a fixed choice of strangers, whether mates (n,), and the places of
    both photos (n, 2)."""
    gallery, probes = np.flatnonzero(data.role == "gallery"), np.flatnonzero(data.role == "probe")
    templates = metric.templates(data.vectors[gallery], data.ages[gallery])
    scores = metric.probes(data.vectors[probes], data.ages[probes]) @ templates.T
    mates = data.identity[probes][:, None] == data.identity[gallery][None]
    chosen = np.random.default_rng(SEED).random(mates.shape) < STRANGERS_A_PROBE / max(len(gallery), 1)
    rows, columns = np.nonzero(mates | chosen)
    return scores[rows, columns], mates[rows, columns], np.column_stack([probes[rows], gallery[columns]])


def deviations(data: Embedded, matching: Matching) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each pair's deviation from strangers, years apart (0 where unknown), and whether it is one person."""
    scores, same, places = pairs_of(data, matching.metric)
    strangers = matching.calibration.strangers
    probe, known = data.ages[places[:, 0]], data.ages[places[:, 1]]
    bands = band_of(known)
    return (scores - strangers.mean[bands]) / strangers.spread[bands], np.nan_to_num(np.abs(probe - known)), same


def cost_of(data: Embedded, matching: Matching) -> float:
    """Cllr in bits of a matching's likelihood ratios for the pairs."""
    deviation, apart, same = deviations(data, matching)
    return fitting.cost(_ratios(matching.calibration, deviation, apart), same)


def _ratios(calibration: Calibration, deviation: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Natural logs of the likelihood ratios (n,)."""
    told = [calibration.weight(z, gap) for z, gap in zip(deviation, apart, strict=True)]
    return np.asarray(told) * math.log(10)


def costs_less(before: float, after: float) -> bool:
    """Whether ratios that cost so much may take the place of those before."""
    return after < min(before, MOST_COST)
