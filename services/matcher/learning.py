"""What the matcher learns as it works, in sums that name nobody. Pure.

What faces of an age have in common, how scores of strangers are spread, and, from each confirmed match, how one
person's face changes.

A sum over faces is kept, never a face. What is learned becomes a new matching (`matching.py`) when there is half as
much again to learn from; one that was fitted on labelled pairs only if it does better on pairs it has not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.matcher import fitting
from services.matcher.calibration import Calibration, Strangers
from services.matcher.fitting import PRIOR_COUNT, Scatter, Sums
from services.matcher.matching import Matching
from services.matcher.metric import GALLERY, PROBE, UNKNOWN, Metric, Part, band_of, unit

FEWEST_CASES = 50
"""Below so many cases the gallery says too little of strangers."""
FEWEST_PAIRS = 30
MOST_COMPARED = 3000
SAME_PICTURE = 0.95
"""Cosine from which two vectors are of one picture, coded twice: two photos of one child lie far below."""
AT_A_TIME = 1000
TAIL = 0.999
TAIL_DEVIATION = 3.0902
"""The normal distribution's quantile at `TAIL`: a tail heavier than normal widens the spread."""


@dataclass(frozen=True)
class Faces:
    """Templates to learn from: raw vectors (n, D), ages (n,) NaN where unknown, and each one's case by number (n,)."""

    vectors: np.ndarray
    ages: np.ndarray
    case: np.ndarray

    def split(self, sections: Sequence[int]) -> list[np.ndarray]:
        """Each network's vectors."""
        return np.split(self.vectors, np.cumsum(sections)[:-1], axis=1)


def distinct(faces: Faces) -> Faces:
    """The faces without those whose picture is there before them already, as a case may be reported twice: counted
    twice, one child's face would be taken for what all children share."""
    vectors, kept = unit(faces.vectors), np.ones(len(faces.case), bool)
    for start in range(0, len(vectors), AT_A_TIME):
        rows = vectors[start : start + AT_A_TIME]
        alike = np.tril(rows @ vectors[: start + len(rows)].T > SAME_PICTURE, k=start - 1)
        kept[start : start + len(rows)] = ~alike.any(axis=1)
    return Faces(faces.vectors[kept], faces.ages[kept], faces.case[kept])


@dataclass(frozen=True)
class Pairs:
    """Confirmed matches, in two halves that never mix: one network after the other, each with two scatters."""

    halves: tuple[tuple[Scatter, ...], tuple[Scatter, ...]]

    @property
    def count(self) -> float:
        return sum(half[0].pairs for half in self.halves)

    def together(self) -> tuple[Scatter, ...]:
        return tuple(one + other for one, other in zip(*self.halves, strict=True))


def centred_on(matching: Matching, faces: Faces, probes: Sequence[Sums]) -> Matching:
    """The matching about the means of today's gallery and of the probes seen, with strangers as they are there.

    `probes` has one `Sums` a network. What was fitted on labelled pairs stays.
    """
    parts = tuple(
        replace(part, means=fitting.means(Sums.of(vectors, faces.ages), seen))
        for part, vectors, seen in zip(
            matching.metric.parts, faces.split(matching.metric.sections), probes, strict=True
        )
    )
    metric = replace(matching.metric, parts=parts)
    return Matching(metric, replace(matching.calibration, strangers=strangers(metric, faces, matching.calibration)))


def fitted_on(matching: Matching, faces: Faces, pairs: Sequence[Scatter]) -> Matching:
    """The matching whitened by pairs of one person (one `Scatter` a network), the gallery saying how people differ."""
    parts = tuple(
        fitting.likelihood_ratio(part.means, _with_gallery(part, scatter, vectors, faces), part.weight)
        for part, scatter, vectors in zip(
            matching.metric.parts, pairs, faces.split(matching.metric.sections), strict=True
        )
    )
    metric = replace(matching.metric, parts=parts)
    return Matching(metric, Calibration(strangers(metric, faces, matching.calibration)))


def _with_gallery(part: Part, pairs: Scatter, vectors: np.ndarray, faces: Faces) -> Scatter:
    centred = part.centred(vectors, faces.ages, GALLERY).astype(np.float64)
    gallery = Scatter(0.0, np.zeros_like(pairs.within), float(len(centred)), centred.T @ centred)
    return pairs + gallery


def strangers(metric: Metric, faces: Faces, before: Calibration, fewest: int = FEWEST_CASES) -> Strangers:
    """How scores of different cases' photos are spread, by age band; where there are few, drawn towards all bands'.

    Of fewer than `fewest` cases `before`'s are kept: only for a metric whose scores are of the same scale.
    """
    chosen = _some(len(faces.case))
    vectors, ages, case = faces.vectors[chosen], faces.ages[chosen], faces.case[chosen]
    if len(np.unique(case)) < fewest:
        return before.strangers
    scores = metric.probes(vectors, ages) @ metric.templates(vectors, ages).T
    others = case[:, None] != case[None, :]
    everywhere = _spread(scores[others])
    bands = band_of(ages)
    told = [_spread(scores[:, bands == band][others[:, bands == band]]) for band in range(UNKNOWN + 1)]
    share = np.asarray([len(np.unique(case[bands == band])) for band in range(UNKNOWN + 1)])
    share = (share / (share + PRIOR_COUNT))[:, None]
    drawn = share * np.asarray([one or everywhere for one in told]) + (1 - share) * np.asarray(everywhere)
    return Strangers(drawn[:, 0], drawn[:, 1])


def _some(count: int) -> np.ndarray:
    """Which of so many faces are compared with each other: all, or a fixed choice of `MOST_COMPARED`."""
    if count <= MOST_COMPARED:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, MOST_COMPARED, replace=False))


def _spread(scores: np.ndarray) -> tuple[float, float] | None:
    """Mean and spread, the spread wide enough for the tail; None for too few."""
    if len(scores) < 2:
        return None
    mean, spread = float(scores.mean()), float(scores.std())
    tail = (float(np.quantile(scores, TAIL)) - mean) / TAIL_DEVIATION
    return mean, max(spread, tail, 1e-6)


def separation(metric: Metric, pairs: Sequence[Scatter], faces: Faces) -> float:
    """How far the mean score of one person's pairs lies above strangers', in strangers' spreads.

    Of the pairs only aggregates are known, and the mean needs no more: u1 u2 = (u1^2 + u2^2 - (u1 - u2)^2) / 2.
    """
    known = strangers(metric, faces, Calibration(Strangers(np.zeros(UNKNOWN + 1), np.ones(UNKNOWN + 1))))
    mates = sum(_mean_score(part, scatter) for part, scatter in zip(metric.parts, pairs, strict=True))
    return float((mates - known.mean.mean()) / known.spread.mean())


def _mean_score(part: Part, pairs: Scatter) -> float:
    turn = np.eye(len(pairs.within)) if part.turn is None else part.turn.astype(np.float64)
    size = np.einsum("ij,ik,kj->j", turn, pairs.total / pairs.faces, turn)
    apart = np.einsum("ij,ik,kj->j", turn, pairs.within / pairs.pairs, turn)
    if part.turn is None:
        return part.weight * float((size - apart).sum())
    return part.weight * float(((size - apart) * part.across + 2 * size * part.own).sum() + part.constant)


def is_better(matching: Matching, faces: Faces, pairs: Pairs) -> bool:
    """Whether fitting on either half of the pairs does better on the other half than the matching does now.

    Never where the gallery is too small to say how strangers score: a fitted metric's scores are of another scale.
    """
    if len(np.unique(faces.case)) < FEWEST_CASES:
        return False
    for learned, unseen in (pairs.halves, pairs.halves[::-1]):
        candidate = fitted_on(matching, faces, learned)
        if separation(candidate.metric, unseen, faces) <= separation(matching.metric, unseen, faces):
            return False
    return True


def pair_scatter(parts: Sequence[Part], sections: Sequence[int], probe: Faces, mates: Faces) -> tuple[Scatter, ...]:
    """One confirmed match: a probe (1 face) and the case's templates, each pair of them, a `Scatter` a network."""
    told = []
    for part, one, many in zip(parts, probe.split(sections), mates.split(sections), strict=True):
        a = part.centred(one, probe.ages, PROBE).astype(np.float64)
        b = part.centred(many, mates.ages, GALLERY).astype(np.float64)
        apart = a - b
        faces = np.concatenate([np.repeat(a, len(b), 0), b])
        told.append(Scatter(float(len(b)), apart.T @ apart / 2, float(len(faces)), faces.T @ faces))
    return tuple(told)
