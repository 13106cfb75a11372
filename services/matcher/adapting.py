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
from services.matcher.learning import Faces, Pairs
from services.matcher.matching import Matching
from services.matcher.metric import GALLERY, PROBE, Metric, Part
from shared.errors import HomewardError

FEWEST_PEOPLE = 40
"""People with photos on both sides; with fewer, a fold of a quarter of them says nothing."""
JUDGED_BY = ("rank-1", "rank-10", "fnir-0.1")
STRANGERS_A_PROBE = 20


@dataclass(frozen=True)
class Trial:
    """One fold: figures of people whom neither fit has seen, before and after, and their difference."""

    before: Identification
    after: Identification

    @property
    def change(self) -> dict[str, Figure]:
        return difference(self.before, self.after)


def tried(data: Embedded, current: Matching, pairs: Pairs) -> tuple[Trial, Trial]:
    """Fits on either half of the people and measures on the other. Raises HomewardError for too few people."""
    folds = folds_of(data)
    first, second = (_trial(data, current, pairs, seen) for seen in (folds, ~folds))
    return first, second


def _trial(data: Embedded, current: Matching, pairs: Pairs, seen: np.ndarray) -> Trial:
    unseen = part_of(data, ~seen)
    return Trial(_measured(unseen, current), _measured(unseen, fitted(part_of(data, seen), current, pairs)))


def is_better(trials: Sequence[Trial]) -> bool:
    """Better beyond chance in one of `JUDGED_BY` in every fold, and worse beyond chance in none."""
    return all(_gains(trial) and not _losses(trial) for trial in trials)


def _gains(trial: Trial) -> bool:
    return any(_better(name, trial.change[name]) for name in JUDGED_BY)


def _losses(trial: Trial) -> bool:
    return any(_better(name, Figure(0, -each.high, -each.low, 0)) for name, each in trial.change.items()
               if name in JUDGED_BY)  # fmt: skip


def _better(name: str, change: Figure) -> bool:
    """Whether the whole interval of a change is on the good side: up for ranks, down for misses."""
    return change.high < 0 if name.startswith("fnir") else change.low > 0


def fitted(data: Embedded, current: Matching, pairs: Pairs) -> Matching:
    """The matching that this data and the confirmed pairs teach: means by side and age, whitening, weights.

    The weights of the networks are those of a logistic regression on people whom the whitening has not seen.
    """
    folds = folds_of(data)
    taught = _whitened(part_of(data, folds), current.metric, pairs, None)
    weights = _weights(part_of(data, ~folds), taught)
    metric = _whitened(data, current.metric, pairs, weights)
    return Matching(metric, Calibration(learning.strangers(metric, _faces(data, "gallery"), current.calibration)))


def _whitened(data: Embedded, before: Metric, pairs: Pairs, weights: np.ndarray | None) -> Metric:
    gallery, probes = _faces(data, "gallery"), _faces(data, "probe")
    shares = weights if weights is not None else np.full(len(before.parts), 1 / len(before.parts))
    parts = tuple(
        _part(*each)
        for each in zip(
            gallery.split(before.sections), probes.split(before.sections), [gallery] * len(shares),
            [probes] * len(shares), shares, pairs.together(), strict=True,
        )
    )  # fmt: skip
    return Metric("adapted", before.sections, parts)


def _part(
    known: np.ndarray, seen: np.ndarray, gallery: Faces, probes: Faces, weight: float, confirmed: Scatter
) -> Part:
    means = fitting.means(Sums.of(known, gallery.ages), Sums.of(seen, probes.ages))
    plain = Part(means)
    centred = [plain.centred(known, gallery.ages, GALLERY), plain.centred(seen, probes.ages, PROBE)]
    scatter = Scatter.of(np.concatenate(centred), np.concatenate([gallery.case, probes.case]))
    return fitting.likelihood_ratio(means, scatter + confirmed, float(weight))


def _weights(data: Embedded, metric: Metric) -> np.ndarray:
    """Each network's share (networks,), from pairs of people whom `metric` has not seen."""
    columns, same = [], np.zeros(0, bool)
    for number in range(len(metric.parts)):
        alone = tuple(replace(part, weight=float(at == number)) for at, part in enumerate(metric.parts))
        scores, same, _ = pairs_of(data, replace(metric, parts=alone))
        columns.append(scores)
    return fitting.shares(np.column_stack(columns), same)


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


def part_of(data: Embedded, chosen: np.ndarray) -> Embedded:
    """The photos (n,) that are chosen, of the same people under the same numbers."""
    ids = [each for each, there in zip(data.ids, chosen, strict=True) if there]
    arrays = {name: getattr(data, name)[chosen] for name in ("vectors", "ages", "identity", "role", "quality")}
    return replace(data, ids=type(data.ids)(ids), place=np.arange(len(ids)), **arrays)


def folds_of(data: Embedded) -> np.ndarray:
    """Half of the people (n,): every other one of those with photos on both sides."""
    both = np.intersect1d(data.identity[data.role == "gallery"], data.identity[data.role == "probe"])
    if len(both) < FEWEST_PEOPLE:
        raise HomewardError(
            f"Only {len(both)} people have photos both as gallery and as probe; at least {FEWEST_PEOPLE} are needed "
            "to tell a better metric from a lucky one."
        )
    return np.isin(data.identity, both[::2])


def _faces(data: Embedded, role: str) -> Faces:
    chosen = data.role == role
    return Faces(data.vectors[chosen], data.ages[chosen], data.identity[chosen])


def _measured(data: Embedded, matching: Matching) -> Identification:
    found = scoring.scored(data, matching)
    return identification(found.scores, found.mate, found.people, samples=SAMPLES, seed=SEED)
