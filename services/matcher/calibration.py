"""What a score says: the weight of evidence of a case's photos together, and the band an officer acts on."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.matcher.rules import Hit
from shared.messages import Band


@dataclass(frozen=True)
class Weighed:
    """A case that resembles a probe: its most telling photo, and log10 of the likelihood ratio of all its photos."""

    best: Hit
    evidence: float


@dataclass(frozen=True)
class Calibration:
    """Log10 of the likelihood ratio is `slope` * (score - `even`). The bands' limits are for one case; they rise with
    the number of cases compared."""

    even: float
    slope: float
    floor: float
    moderate: float
    strong: float
    very_strong: float

    def weigh(self, photos: Sequence[Hit], probe_age: float | None) -> Weighed:
        """All photos of one case against one probe; `probe_age` in years, None where unknown."""
        best = max(photos, key=lambda hit: hit.score)
        return Weighed(best, self.slope * (best.score - self.even))

    def band(self, evidence: float, cases: int) -> Band | None:
        """The band among `cases` cases; None below the floor, where nothing is answered."""
        if evidence < self.floor:
            return None
        if evidence >= self.very_strong:
            return "very_strong"
        if evidence >= self.strong:
            return "strong"
        return "moderate" if evidence >= self.moderate else "weak"


SFACE = Calibration(even=0.363, slope=10.0, floor=-0.63, moderate=0.0, strong=1.37, very_strong=2.37)
"""Provisional: 0.363 is the cosine from which SFace's authors call two adults' photos one person (OpenCV's zoo)."""

ARCFACE = Calibration(even=0.40, slope=10.0, floor=-1.0, moderate=0.0, strong=1.0, very_strong=2.0)
"""For InsightFace's own packs, measured by nobody here: 0.40 is where InsightFace's own desktop tool begins to call two
photos one person, the rest is set around it as for SFace."""
