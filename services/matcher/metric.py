"""How alike two face vectors are: an inner product of what this makes of them, knowing the age in each photo."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Metric:
    """Compares the vectors of one pack. `sections` are its networks' lengths; D is their sum.

    `templates` and `probes` take raw vectors (n, D) float32 and ages (n,) in years, NaN where unknown, to projections
    (n, `dimension`) float32; the score of a template and a probe is the inner product of their projections.
    """

    version: str
    sections: tuple[int, ...]

    @property
    def dimension(self) -> int:
        return sum(self.sections)

    def templates(self, vectors: np.ndarray, ages: np.ndarray) -> np.ndarray:
        return np.asarray(vectors / np.sqrt(len(self.sections)), np.float32)

    def probes(self, vectors: np.ndarray, ages: np.ndarray) -> np.ndarray:
        return np.asarray(vectors / np.sqrt(len(self.sections)), np.float32)


def plain(sections: tuple[int, ...]) -> Metric:
    """The mean of the networks' cosines, blind to age: where nothing was learned yet."""
    return Metric("plain", sections)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each row (n, dimension) at length one, float32. A row of zeros stays one."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)
