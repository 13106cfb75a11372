"""What a score says: how a case's photos weigh together, and the band an officer can act on.

`evidence` is log10 of the likelihood ratio of "this is that child" against "this is a stranger". Where no labelled
pairs were given yet, it is its upper bound, log10 of how rare such a score is among strangers of these ages.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from services.matcher.metric import UNKNOWN, band_of
from services.matcher.rules import Hit
from shared.messages import Band

SMALLEST_GALLERY = 100
"""A gallery of fewer cases is judged as one of this many: the child may be none of them."""
MODERATE, STRONG, VERY_STRONG = 1.0, 2.0, 3.0
"""Limits of evidence less log10 of the cases compared: at 3, a thousand to one that it is this child, if the child is
one of these cases; or, where evidence is rarity, a stranger once in a thousand searches."""
MOST_APART = 20.0
"""Years that the floor allows for: where the odds fall with the years, it does not hide who was away for so long."""
MOST_EVIDENCE = 12.0


@dataclass(frozen=True)
class Weighed:
    """A case that resembles a probe: its most telling photo, and the evidence of all its photos together."""

    best: Hit
    evidence: float


@dataclass(frozen=True)
class Strangers:
    """How scores of two different children are spread: normal with `mean` and `spread`, by the gallery photo's age
    band (UNKNOWN + 1,)."""

    mean: np.ndarray
    spread: np.ndarray

    def deviation(self, score: float, age: float | None) -> float:
        """How many spreads a score lies above strangers' mean."""
        band = int(band_of(np.asarray([np.nan if age is None else age]))[0])
        return float((score - self.mean[band]) / self.spread[band])


def strangers_everywhere(mean: float, spread: float) -> Strangers:
    """The same spread at every age: where the gallery is too small to say more."""
    return Strangers(np.full(UNKNOWN + 1, mean), np.full(UNKNOWN + 1, spread))


@dataclass(frozen=True)
class Odds:
    """Natural log of the likelihood ratio as fitted on labelled pairs: base + slope * z + gap * years apart, z the
    deviation from strangers."""

    base: float
    slope: float
    gap: float = 0.0


@dataclass(frozen=True)
class Calibration:
    """`strangers` from photos of different children in the gallery; `odds` only where labelled pairs were given."""

    strangers: Strangers
    odds: Odds | None = None

    def weigh(self, photos: Sequence[Hit], probe_age: float | None) -> Weighed:
        """All photos of one case against one probe; `probe_age` in years, None where unknown."""
        told = [(self.evidence(hit.score, hit.age_at_photo, probe_age), hit) for hit in photos]
        best = max(told, key=lambda pair: pair[0])[1]
        return Weighed(best, together([evidence for evidence, _ in told]))

    def evidence(self, score: float, age: float | None, probe_age: float | None) -> float:
        """Of one photo. At most `MOST_EVIDENCE` either way."""
        apart = abs(probe_age - age) if probe_age is not None and age is not None else 0.0
        return self.weight(self.strangers.deviation(score, age), apart)

    def weight(self, deviation: float, apart: float) -> float:
        """The evidence of a score so many spreads above strangers', of photos so many years apart."""
        if self.odds is None:
            value = rarity(deviation)
        else:
            value = (self.odds.base + self.odds.slope * deviation + self.odds.gap * apart) / math.log(10)
        return max(-MOST_EVIDENCE, min(MOST_EVIDENCE, value))

    def band(self, evidence: float, cases: int) -> Band | None:
        """The band among `cases` cases; None below the floor, where nothing is answered."""
        size = max(cases, SMALLEST_GALLERY)
        left = evidence - math.log10(size)
        for limit, name in BY_LIMIT:
            if left >= limit:
                return name
        return "weak" if evidence >= self.floor(size) else None

    def floor(self, size: int) -> float:
        """The evidence of a score that one stranger among so many reaches: the floor is a rate of false positives, and
        odds, which are honest about how little such a score says, do not move it."""
        if self.odds is None:
            return math.log10(size)
        apart = MOST_APART if self.odds.gap < 0 else 0.0
        return self.weight(NormalDist().inv_cdf(1 - 1 / size), apart)


BY_LIMIT: tuple[tuple[float, Band], ...] = (
    (VERY_STRONG, "very_strong"),
    (STRONG, "strong"),
    (MODERATE, "moderate"),
)


def rarity(deviation: float) -> float:
    """-log10 of the share of a normal distribution that lies above `deviation` spreads."""
    if deviation > 8:  # erfc underflows; this is its asymptote
        return (deviation**2 / 2 + math.log(deviation * math.sqrt(2 * math.pi))) / math.log(10)
    return -math.log10(math.erfc(deviation / math.sqrt(2)) / 2)


def together(evidence: Sequence[float]) -> float:
    """The evidence of several photos of one case: log10 of the mean of their likelihood ratios.

    Photos of one child are not independent, so their ratios are averaged, not multiplied: never above the best.
    """
    top = max(evidence)
    return top + math.log10(sum(10 ** (each - top) for each in evidence) / len(evidence))


SFACE = Calibration(strangers_everywhere(0.0, 0.15))
"""Provisional, until the gallery is large enough to say: SFace's authors call two adults' photos one person from a
cosine of 0.363, where one pair of strangers in a thousand lies (OpenCV's model zoo), which is a spread of 0.117.
Children resemble each other more, so the spread is taken wider."""
ARCFACE = Calibration(strangers_everywhere(0.0, 0.15))
"""For networks measured by nobody here: as wide as SFace's."""
