"""Fits a matching to labelled photographs of people at several ages, and says whether it is better on people unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.matcher import fitting, learning
from services.matcher.calibration import Calibration
from services.matcher.evaluation import scoring
from services.matcher.evaluation.bootstrap import SAMPLES, SEED, Figure
from services.matcher.evaluation.embedding import Embedded
from services.matcher.evaluation.figures import Identification, difference, identification
from services.matcher.fitting import Scatter, Sums
from services.matcher.labelled import cost_of, costs_less, deviations, folds_of, half_of, pairs_of, part_of
from services.matcher.learning import Faces, Pairs
from services.matcher.matching import Matching
from services.matcher.metric import GALLERY, PROBE, Metric, Part

JUDGED_BY = ("rank-1", "rank-10", "fnir-0.1")
FEWEST_CASES = 5
"""Of so few people strangers' scores are taken all the same: those of the metric before are of another scale."""


@dataclass(frozen=True)
class Trial:
    """One fold: figures of people whom neither fit has seen, before and after, and what the likelihood ratios cost
    (Cllr, bits)."""

    before: Identification
    after: Identification
    cost_before: float
    cost_after: float

    @property
    def change(self) -> dict[str, Figure]:
        return difference(self.before, self.after)


def tried(data: Embedded, current: Matching, pairs: Pairs) -> tuple[Trial, Trial]:
    """Fits on either half of the people and measures on the other. Raises HomewardError for too few people."""
    folds = folds_of(data)
    halves = part_of(data, folds), part_of(data, ~folds)
    first, second = (_trial(unseen, current, fitted(seen, current, pairs)) for seen, unseen in (halves, halves[::-1]))
    return first, second


def _trial(unseen: Embedded, before: Matching, after: Matching) -> Trial:
    return Trial(_measured(unseen, before), _measured(unseen, after), cost_of(unseen, before), cost_of(unseen, after))


def is_better(trials: Sequence[Trial]) -> bool:
    """In every fold better beyond chance in one of `JUDGED_BY`, worse beyond chance in none, and with likelihood ratios
    that cost less."""
    return all(
        _gains(trial) and not _losses(trial) and costs_less(trial.cost_before, trial.cost_after) for trial in trials
    )


def _gains(trial: Trial) -> bool:
    return any(_better(name, trial.change[name]) for name in JUDGED_BY)


def _losses(trial: Trial) -> bool:
    return any(_better(name, Figure(0, -each.high, -each.low, 0)) for name, each in trial.change.items()
               if name in JUDGED_BY)  # fmt: skip


def _better(name: str, change: Figure) -> bool:
    """Whether the whole interval of a change is on the good side: up for ranks, down for misses."""
    return change.high < 0 if name.startswith("fnir") else change.low > 0


def fitted(data: Embedded, current: Matching, pairs: Pairs) -> Matching:
    """The matching that this data and the confirmed pairs teach: means by side and age, whitening, weights, odds.

    The weights of the networks and the likelihood ratios are fitted on people whom the whitening has not seen: it is
    surer of those whom it has.
    """
    half = half_of(data)
    unseen = part_of(data, ~half)
    taught = _whitened(part_of(data, half), current.metric, pairs, _alike(current.metric))
    weights = _weights(unseen, taught)
    trial = _matching(_weighted(taught, weights), unseen, current)
    odds = fitting.odds(*deviations(unseen, trial))
    metric = _whitened(data, current.metric, pairs, weights)
    return Matching(metric, replace(trial.calibration, odds=odds))


def _matching(metric: Metric, unseen: Embedded, before: Matching) -> Matching:
    known = learning.strangers(metric, _faces(unseen, "gallery"), before.calibration, FEWEST_CASES)
    return Matching(metric, Calibration(known))


def _alike(metric: Metric) -> np.ndarray:
    return np.full(len(metric.parts), 1 / len(metric.parts))


def _weighted(metric: Metric, weights: np.ndarray) -> Metric:
    return replace(metric, parts=tuple(replace(part, weight=float(weight))
                                       for part, weight in zip(metric.parts, weights, strict=True)))  # fmt: skip


def _whitened(data: Embedded, before: Metric, pairs: Pairs, weights: np.ndarray) -> Metric:
    gallery, probes = _faces(data, "gallery"), _faces(data, "probe")
    sections = zip(
        gallery.split(before.sections), probes.split(before.sections), weights, pairs.together(), strict=True
    )
    parts = tuple(
        _part(known, seen, gallery, probes, float(weight), confirmed) for known, seen, weight, confirmed in sections
    )
    return Metric("adapted", before.sections, parts)


def _part(
    known: np.ndarray, seen: np.ndarray, gallery: Faces, probes: Faces, weight: float, confirmed: Scatter
) -> Part:
    means = fitting.means(Sums.of(known, gallery.ages), Sums.of(seen, probes.ages))
    plain = Part(means)
    centred = [plain.centred(known, gallery.ages, GALLERY), plain.centred(seen, probes.ages, PROBE)]
    scatter = Scatter.of(np.concatenate(centred), np.concatenate([gallery.case, probes.case]))
    return fitting.likelihood_ratio(means, scatter + confirmed, weight)


def _weights(data: Embedded, metric: Metric) -> np.ndarray:
    """Each network's share (networks,), from pairs of people whom `metric` has not seen."""
    columns, same = [], np.zeros(0, bool)
    for number in range(len(metric.parts)):
        scores, same, _ = pairs_of(data, _weighted(metric, np.arange(len(metric.parts)) == number))
        columns.append(scores)
    return fitting.shares(np.column_stack(columns), same)


def _faces(data: Embedded, role: str) -> Faces:
    chosen = data.role == role
    return Faces(data.vectors[chosen], data.ages[chosen], data.identity[chosen])


def _measured(data: Embedded, matching: Matching) -> Identification:
    found = scoring.scored(data, matching)
    return identification(found.scores, found.mate, found.people, samples=SAMPLES, seed=SEED)
