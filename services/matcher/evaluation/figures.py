"""The figures of identification: how often the right person is found, at which rank and at what price. Pure numpy.

Terms are those of ISO/IEC 19795-1 and of NIST's FRTE 1:N reports. `docs/evaluating.md` explains them to operators.

- A **mate search** looks for a probe in the whole gallery. Its **rank** is one plus the number of other people who
  score at least as much as the mate: ties count against us.
- A **non-mate search** looks for the same probe in the gallery without its own person. It yields a false positive at a
  threshold if anybody scores at or above it. **FPIR** is the share of non-mate searches that do.
- **FNIR** at an FPIR: the share of mate searches whose mate scores below the lowest threshold at which FPIR is not
  above it. With `within` it also counts as missed a mate of a higher rank (FRTE's investigation mode answers 50).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from services.matcher.evaluation import bootstrap
from services.matcher.evaluation.bootstrap import SAMPLES, SEED, Figure, Statistic, share

RANKS = (1, 10, 50)
FALSE_POSITIVE_RATES = (0.01, 0.1)
ANSWERED = 50
HARDLY = 1e-6


@dataclass(frozen=True, eq=False)
class Searches:
    """Each search's outcome, all arrays (n,): the mate's score and rank (0: it has no mate in the gallery), the best
    other person's score (NaN: no non-mate search was made), and whose probe it is."""

    mate: np.ndarray
    rank: np.ndarray
    other: np.ndarray
    people: np.ndarray

    @property
    def mated(self) -> np.ndarray:
        return np.asarray(self.rank > 0)


@dataclass(frozen=True, eq=False)
class Identification:
    """Shares are 0 to 1. `fnir` and `fnir_within` (at most 50 answered) and `thresholds` are by FPIR."""

    searches: Searches
    gallery: int
    ranks: dict[int, Figure]
    fnir: dict[float, Figure]
    fnir_within: dict[float, Figure]
    thresholds: dict[float, float]
    separation: float
    samples: int = field(default=SAMPLES)
    seed: int = field(default=SEED)

    @property
    def probes(self) -> int:
        return int(self.searches.mated.sum())

    @property
    def people(self) -> int:
        return len(np.unique(self.searches.people[self.searches.mated]))


def identification(
    scores: np.ndarray,
    probe_identity: np.ndarray,
    people: np.ndarray | None = None,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> Identification:
    """All figures of `scores` (probes, identities), higher is more alike; -inf or NaN: not compared, or not found.

    `probe_identity` (probes,): the mate's column, -1 where the gallery has none. `people` (probes,): who is on each
    probe, for the bootstrap; needed only where -1 stands for several people.
    """
    done = searched(scores, probe_identity, people)
    how = samples, seed
    rates = FALSE_POSITIVE_RATES
    return Identification(
        done,
        scores.shape[1],
        {rank: bootstrap.figure(found_by(done, rank), done.people, *how) for rank in RANKS},
        {rate: bootstrap.figure(missed_at(done, rate), done.people, *how) for rate in rates},
        {rate: bootstrap.figure(missed_at(done, rate, ANSWERED), done.people, *how) for rate in rates},
        {rate: threshold(done, rate) for rate in rates},
        separation(done.mate[done.mated], _others(scores, probe_identity)),
        samples,
        seed,
    )


def difference(before: Identification, after: Identification) -> dict[str, Figure]:
    """`after` minus `before`, each figure by its name (`rank-1`, `fnir-0.1`), for the same probes in the same order.

    Both are resampled by the same people (a paired bootstrap): an interval without zero in it is a real difference.
    Raises ValueError where the probes are not the same.
    """
    if not np.array_equal(before.searches.people, after.searches.people):
        raise ValueError("only figures of the same probes in the same order can be compared")
    statistics = {f"rank-{rank}": (found_by, rank) for rank in RANKS}
    statistics |= {f"fnir-{rate:g}": (missed_at, rate) for rate in FALSE_POSITIVE_RATES}  # type: ignore[dict-item]
    return {name: _difference(before, after, make, at) for name, (make, at) in statistics.items()}


def _difference(before: Identification, after: Identification, make: Callable[..., Statistic], at: float) -> Figure:
    first, second = make(before.searches, at), make(after.searches, at)
    people = after.searches.people
    return bootstrap.figure(lambda drawn: second(drawn) - first(drawn), people, after.samples, after.seed)


def searched(scores: np.ndarray, probe_identity: np.ndarray, people: np.ndarray | None = None) -> Searches:
    """Every probe's mate and non-mate search."""
    known = np.where(np.isnan(scores), -np.inf, scores)
    rows, mated = np.arange(len(known)), probe_identity >= 0
    mate = np.where(mated, known[rows, probe_identity], -np.inf)
    others = known.copy()
    others[rows[mated], probe_identity[mated]] = -np.inf
    above = (others >= mate[:, None]).sum(axis=1)
    above -= np.isneginf(mate) & mated  # a mate that was not found is not above itself: its own place holds -inf too
    best = others.max(axis=1) if others.shape[1] else np.full(len(known), -np.inf)
    rank = np.where(mated, np.minimum(1 + above, known.shape[1]), 0)
    return Searches(mate, rank, best, probe_identity if people is None else people)


def found_by(done: Searches, rank: int) -> Statistic:
    """The statistic: the share of mate searches whose mate is found at or above a rank."""
    return share((done.rank <= rank) & ~np.isneginf(done.mate), done.mated)


def missed_at(done: Searches, rate: float, within: int | None = None) -> Statistic:
    """The statistic: FNIR at an FPIR of `rate` (below 1), with each sample's own threshold. NaN where a sample has no
    mate search or no non-mate search."""
    tried = ~np.isnan(done.other)
    order = np.argsort(-np.where(tried, done.other, -np.inf), kind="stable")
    limits, counted = done.other[order], tried[order].astype(np.float64)
    late = np.zeros(len(done.rank), bool) if within is None else done.rank > within

    def statistic(weights: np.ndarray) -> np.ndarray:
        heights = np.cumsum(weights[:, order] * counted, axis=1)
        searches = heights[:, -1:]
        first = np.argmax(heights > rate * searches + HARDLY, axis=1)
        missed = ((done.mate <= limits[first][:, None]) | late) & done.mated
        with np.errstate(invalid="ignore", divide="ignore"):
            rates = (weights * missed).sum(axis=1, dtype=np.float64) / (weights @ done.mated.astype(np.float64))
        return np.asarray(np.where(searches[:, 0] > 0, rates, np.nan))  # without non-mate searches, no threshold

    return statistic


def threshold(done: Searches, rate: float) -> float:
    """The lowest score from which on at most `rate` of the non-mate searches answer anybody."""
    limits = np.sort(done.other[~np.isnan(done.other)])[::-1]
    allowed = int(rate * len(limits) + HARDLY)
    return float(np.nextafter(limits[allowed], np.inf)) if allowed < len(limits) else -np.inf


def cmc(done: Searches, up_to: int) -> np.ndarray:
    """The cumulative match characteristic: the share found at each rank from 1 to `up_to`, (up_to,)."""
    ranks = done.rank[done.mated & ~np.isneginf(done.mate)]
    return np.asarray([(ranks <= rank).sum() / max(int(done.mated.sum()), 1) for rank in range(1, up_to + 1)])


def det(done: Searches, rates: Sequence[float]) -> np.ndarray:
    """FNIR at each FPIR of `rates` (n,): the open-set detection error trade-off."""
    mates = done.mate[done.mated]
    return np.asarray([(mates < threshold(done, rate)).mean() if len(mates) else np.nan for rate in rates])


def separation(mates: np.ndarray, others: np.ndarray) -> float:
    """d': the distance of the two means in units of the root of their mean variance. NaN with fewer than two each."""
    mates, others = mates[np.isfinite(mates)], others[np.isfinite(others)]
    if min(len(mates), len(others)) < 2:
        return float("nan")
    spread = np.sqrt((mates.var(ddof=1) + others.var(ddof=1)) / 2)
    return float((mates.mean() - others.mean()) / spread) if spread > 0 else float("nan")


def _others(scores: np.ndarray, probe_identity: np.ndarray) -> np.ndarray:
    return np.asarray(scores[np.arange(scores.shape[1])[None, :] != probe_identity[:, None]])
