"""How alike two face vectors are: an inner product of what this makes of them, knowing the age in each photo.

Three steps (docs/matching.md gives their sources and what each is worth):

1. Centring. What all children of an age have in common is taken away: the mean vector of the age band, one for the
   gallery's side and one for the probes' side. It needs no labels.
2. Whitening. Directions in which one person changes with age count less than those in which people differ. Where
   labelled pairs were available, this is the two-covariance model (PLDA; Brümmer and de Villiers, "The speaker
   partitioning problem", Odyssey 2010), whose log-likelihood ratio of a pair is an inner product of longer vectors.
3. Fusion. Each network's score has a weight.
"""

from dataclasses import dataclass, field

import numpy as np

BANDS = (2.0, 5.0, 8.0, 11.0, 14.0, 18.0)
"""Where one age band ends and the next begins, in years. Faces change fastest while they are young."""
UNKNOWN = len(BANDS) + 1
"""The band of an unknown age, after the last one."""


def band_of(ages: np.ndarray) -> np.ndarray:
    """The age band (n,) of each age (n,) in years; `UNKNOWN` for NaN."""
    return np.where(np.isnan(ages), UNKNOWN, np.searchsorted(BANDS, ages, side="right"))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each row (n, dimension) at length one, float32. A row of zeros stays one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


@dataclass(frozen=True)
class Part:
    """How one network's vectors (n, D) are compared. `means` is (2, UNKNOWN + 1, D): side, age band.

    Without `turn`, a pair's score is `weight` times the cosine of the centred vectors. With it, u = turn' x (D, d), and
    the score is `weight` * (sum(across * u1 * u2) + own . (u1^2 + u2^2) + constant): a log-likelihood ratio.
    """

    means: np.ndarray
    weight: float = 1.0
    turn: np.ndarray | None = None
    across: np.ndarray = field(default_factory=lambda: np.zeros(0))
    own: np.ndarray = field(default_factory=lambda: np.zeros(0))
    constant: float = 0.0

    def centred(self, vectors: np.ndarray, ages: np.ndarray, side: int) -> np.ndarray:
        """Unit vectors (n, D) about their age band's mean."""
        return unit(unit(vectors) - self.means[side, band_of(ages)])

    def project(self, vectors: np.ndarray, ages: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
        """What is multiplied across the pair (n, d), and what each brings by itself (n,)."""
        centred = self.centred(vectors, ages, side)
        if self.turn is None:
            return centred * np.sqrt(self.weight), np.zeros(len(centred), np.float32)
        turned = centred @ self.turn
        alone = self.weight * (turned**2 @ self.own + self.constant / 2)
        return turned * np.sqrt(self.weight * self.across), alone


GALLERY, PROBE = 0, 1


@dataclass(frozen=True)
class Metric:
    """Compares the vectors of one pack; `parts` are in the order of its networks, whose lengths are `sections`.

    `templates` and `probes` take raw vectors (n, D) float32, D the sum of `sections`, and ages (n,) in years, NaN where
    unknown, to projections (n, `dimension`) float32. The score of a pair is the inner product of its projections.
    Raises ValueError for vectors that are not finite: they are never compared.
    """

    version: str
    sections: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def dimension(self) -> int:
        return 2 + sum(part.means.shape[-1] if part.turn is None else part.turn.shape[1] for part in self.parts)

    def templates(self, vectors: np.ndarray, ages: np.ndarray) -> np.ndarray:
        pairs, alone = self._project(vectors, ages, GALLERY)
        return np.asarray(np.column_stack([pairs, alone, np.ones(len(alone))]), np.float32)

    def probes(self, vectors: np.ndarray, ages: np.ndarray) -> np.ndarray:
        pairs, alone = self._project(vectors, ages, PROBE)
        return np.asarray(np.column_stack([pairs, np.ones(len(alone)), alone]), np.float32)

    def _project(self, vectors: np.ndarray, ages: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
        if not np.isfinite(vectors).all():
            raise ValueError("a vector that is not finite cannot be compared")
        sections = np.split(np.asarray(vectors), np.cumsum(self.sections)[:-1], axis=1)
        done = [part.project(section, ages, side) for part, section in zip(self.parts, sections, strict=True)]
        return np.concatenate([pairs for pairs, _ in done], axis=1), np.sum([alone for _, alone in done], axis=0)


def plain(sections: tuple[int, ...]) -> Metric:
    """The mean of the networks' cosines, blind to age: where nothing was learned yet."""
    return centred_by([no_means(length) for length in sections], version="plain")


def no_means(length: int) -> np.ndarray:
    return np.zeros((2, UNKNOWN + 1, length), np.float32)


def centred_by(means: list[np.ndarray], version: str) -> Metric:
    """The mean of the networks' cosines about `means` (one (2, UNKNOWN + 1, D) array a network)."""
    parts = tuple(Part(mean, weight=1 / len(means)) for mean in means)
    return Metric(version, tuple(mean.shape[-1] for mean in means), parts)
