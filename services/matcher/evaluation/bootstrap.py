"""Bootstrap over people: how far a figure would move if other people had been measured.

All photos of one person stand or fall together, so people are drawn, not photos (a cluster bootstrap; Efron and
Tibshirani, An Introduction to the Bootstrap, 1993, and ISO/IEC 19795-1 on uncertainty). The gallery stays as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

SAMPLES = 1000
SEED = 3
AT_A_TIME = 100
OUTER = (2.5, 97.5)

Statistic = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Figure:
    """A measured value and its 95 % interval, from `of` searches or comparisons. NaN where there were none."""

    value: float
    low: float
    high: float
    of: int


def weights(people: np.ndarray, samples: int = SAMPLES, seed: int = SEED) -> Iterator[np.ndarray]:
    """How often each search counts in each sample: parts of an array (samples, n), for searches of `people` (n,)."""
    _, member = np.unique(people, return_inverse=True)
    count = int(member.max()) + 1 if len(member) else 0
    rng = np.random.default_rng(seed)
    for start in range(0, samples if count else 0, AT_A_TIME):
        drawn = rng.multinomial(count, np.full(count, 1 / count), min(AT_A_TIME, samples - start))
        yield drawn[:, member].astype(np.float32)


def resampled(statistic: Statistic, people: np.ndarray, samples: int = SAMPLES, seed: int = SEED) -> np.ndarray:
    """The statistic, weights (m, n) to values (m,), of every sample: (samples,). One seed draws the same people."""
    parts = [statistic(part) for part in weights(people, samples, seed)]
    return np.concatenate(parts) if parts else np.full(1, np.nan)


def figure(statistic: Statistic, people: np.ndarray, samples: int = SAMPLES, seed: int = SEED) -> Figure:
    """The statistic of all searches as they are, and its interval."""
    if not len(people):
        return Figure(np.nan, np.nan, np.nan, 0)
    value = float(statistic(np.ones((1, len(people)), np.float32))[0])
    low, high = interval(resampled(statistic, people, samples, seed))
    return Figure(value, low, high, len(people))


def interval(values: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of the values that are numbers."""
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.percentile(known, OUTER)
    return float(low), float(high)


def share(hit: np.ndarray, among: np.ndarray | None = None) -> Statistic:
    """The statistic: the share of the searches `among` (n,) bool that are a `hit` (n,) bool."""
    counted = np.ones(len(hit), bool) if among is None else among

    def statistic(weights: np.ndarray) -> np.ndarray:
        total = weights @ counted.astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ (hit & counted).astype(np.float64)) / total)

    return statistic
