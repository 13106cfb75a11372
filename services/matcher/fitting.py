"""What a metric is made of, learned from vectors: age bands' means without labels, covariances with them. Pure."""

from dataclasses import dataclass

import numpy as np

from services.matcher.calibration import Odds
from services.matcher.metric import UNKNOWN, Part, band_of, unit

PRIOR_COUNT = 20.0
"""How many faces' worth of doubt a mean begins with: a mean of a few faces stays near the wider one."""
WITHIN_SHRUNK, BETWEEN_SHRUNK = 0.5, 0.5
"""How far a covariance is drawn towards a multiple of the identity (Ledoit and Wolf's target, fixed shares)."""

NEWTON_STEPS, RIDGE = 50, 1e-4


@dataclass(frozen=True)
class Sums:
    """Aggregates of faces by age band: `count` (UNKNOWN + 1,) and `total` (UNKNOWN + 1, D), float64. Names nobody."""

    count: np.ndarray
    total: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray, ages: np.ndarray) -> "Sums":
        """The sums of raw vectors (n, D) of one network, each at length one first."""
        bands, plain = band_of(ages), unit(vectors).astype(np.float64)
        total = np.zeros((UNKNOWN + 1, vectors.shape[1]))
        np.add.at(total, bands, plain)
        return cls(np.bincount(bands, minlength=UNKNOWN + 1).astype(np.float64), total)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.count + other.count, self.total + other.total)


def means(gallery: Sums, probes: Sums) -> np.ndarray:
    """Means (2, UNKNOWN + 1, D) of both sides. A side without faces takes the other's; no faces at all, zero."""
    return np.asarray(np.stack([_side(gallery, probes), _side(probes, gallery)]), np.float32)


def _side(own: Sums, other: Sums) -> np.ndarray:
    """Each band's mean, drawn towards the side's, which is drawn towards the other side's, and that towards zero."""
    outer = other.total.sum(0) / (other.count.sum() + PRIOR_COUNT)
    side = (own.total.sum(0) + PRIOR_COUNT * outer) / (own.count.sum() + PRIOR_COUNT)
    return (own.total + PRIOR_COUNT * side) / (own.count + PRIOR_COUNT)[:, None]


@dataclass(frozen=True)
class Scatter:
    """Aggregates of people seen at several ages: `within` (D, D) is the sum over `pairs` pairs of one person's centred
    vectors of half their difference's outer product; `total` (D, D) that of all `faces` centred vectors."""

    pairs: float
    within: np.ndarray
    faces: float
    total: np.ndarray

    @classmethod
    def of(cls, centred: np.ndarray, identity: np.ndarray) -> "Scatter":
        """Scatter of centred vectors (n, D) with their person's number (n,); people seen once count for `total`."""
        x = centred.astype(np.float64)
        kinds, member = np.unique(identity, return_inverse=True)
        count = np.bincount(member, minlength=len(kinds)).astype(np.float64)
        centre = np.zeros((len(kinds), x.shape[1]))
        np.add.at(centre, member, x)
        apart = x - (centre / count[:, None])[member]
        return cls(float((count - 1).sum()), apart.T @ apart, float(len(x)), x.T @ x)

    def __add__(self, other: "Scatter") -> "Scatter":
        faces, total = self.faces + other.faces, self.total + other.total
        return Scatter(self.pairs + other.pairs, self.within + other.within, faces, total)


def likelihood_ratio(
    mean: np.ndarray, scatter: Scatter, weight: float, within_shrunk: float = WITHIN_SHRUNK,
    between_shrunk: float = BETWEEN_SHRUNK,
) -> Part:  # fmt: skip
    """The two-covariance model of one network: a pair's score is the log of p(pair | one person) / p(pair | two).

    With within-person covariance W = I and between-person covariance diag(b) after the turn, t = 1 + b: a pair's joint
    covariance is [[t, b], [b, t]] for one person and diag(t, t) for two, dimension by dimension.
    """
    within = _shrunk(scatter.within / max(scatter.pairs, 1.0), within_shrunk)
    between = _shrunk(_positive(scatter.total / max(scatter.faces, 1.0) - within), between_shrunk)
    half = np.linalg.cholesky(within)
    inverse = np.linalg.inv(half)
    b, basis = np.linalg.eigh(inverse @ between @ inverse.T)
    b = np.maximum(b, 0.0)
    t = 1 + b
    det = t**2 - b**2
    return Part(
        mean,
        weight,
        turn=(inverse.T @ basis).astype(np.float32),
        across=b / det,
        own=-0.5 * b**2 / (t * det),
        constant=float(-0.5 * np.log(det / t**2).sum()),
    )


def _shrunk(covariance: np.ndarray, share: float) -> np.ndarray:
    return (1 - share) * covariance + share * np.trace(covariance) / len(covariance) * np.eye(len(covariance))


def _positive(matrix: np.ndarray) -> np.ndarray:
    """The nearest positive semidefinite matrix."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0)) @ vectors.T)


def shares(scores: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Each network's share (networks,) of the fused score: its coefficient in a logistic regression of labelled pairs'
    scores (n, networks), none below zero, all together one."""
    scale = np.maximum(scores.std(0), 1e-12)
    found = np.maximum(_logistic(scores / scale, same)[1:] / scale, 0.0)
    return np.asarray(found / found.sum() if found.any() else np.full(len(found), 1 / len(found)))


def odds(deviation: np.ndarray, apart: np.ndarray, same: np.ndarray) -> Odds:
    """Logistic regression of labelled pairs (n,): deviation from strangers, years apart (0 where unknown), whether one
    person. Both kinds weigh alike, so that the log odds are a log-likelihood ratio (Brümmer and du Preez,
    "Application-independent evaluation of speaker detection", 2006). Raises ValueError without both kinds."""
    if not same.any() or same.all():
        raise ValueError("pairs of one person and pairs of two are both needed")
    base, slope, gap = (float(value) for value in _logistic(np.column_stack([deviation, apart]), same))
    return Odds(base, max(slope, 0.0), gap)


def _logistic(features: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Coefficients (1 + features,) by Newton's method, the constant first; both kinds of pairs weigh alike."""
    x = np.column_stack([np.ones(len(same)), features]).astype(np.float64)
    weight = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    coefficients = np.zeros(x.shape[1])
    for _ in range(NEWTON_STEPS):
        share = 1 / (1 + np.exp(-np.clip(x @ coefficients, -500, 500)))
        gradient = x.T @ (weight * (same - share)) - RIDGE * coefficients
        curve = (x * (weight * share * (1 - share))[:, None]).T @ x + RIDGE * np.eye(len(coefficients))
        coefficients += np.linalg.solve(curve, gradient)
    return coefficients


def cost(log_ratio: np.ndarray, same: np.ndarray) -> float:
    """Cllr in bits (the same source): 0 is perfect, 1 says nothing; natural log-likelihood ratios (n,)."""
    mates, strangers = log_ratio[same], log_ratio[~same]
    return float((np.logaddexp(0, -mates).mean() + np.logaddexp(0, strangers).mean()) / (2 * np.log(2)))
