"""An 8-bit copy of many projections in FAISS, to scan in their place, and how far it may be from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

CHUNK = 16_384
LANES = 16
"""FAISS takes this many numbers at once, and one by one where a row's length is no multiple of it."""


@dataclass
class Codes:
    """A row is about `centre` + `step` * its signed bytes in `index`. Its inner product with a probe of length one is
    at most `slack` from what these say.

    FAISS takes signed bytes as they are at twice the speed at which it decodes 8-bit codes that it scaled itself; so
    the rows are scaled here, and a probe is asked with its numbers times `step`. Only `columns` have bytes, those in
    which rows differ at all: one that is the same for all is in `centre`.
    """

    index: Any
    columns: np.ndarray
    centre: np.ndarray
    step: np.ndarray
    middle: np.ndarray
    slack: float = 0.0

    @classmethod
    def of(cls, exact: np.ndarray) -> "Codes":
        """Of rows (n, d) float32."""
        import faiss  # 15 MB, which a small gallery does not need

        low, high = exact.min(0), exact.max(0)
        columns = np.flatnonzero(high > low)
        length = LANES * max(1, -(-len(columns) // LANES))
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        index = faiss.IndexScalarQuantizer(length, kind, faiss.METRIC_INNER_PRODUCT)
        step = np.maximum((high - low) / 254, np.float32(1e-12))
        codes = cls(index, columns, (low + high) / 2, step, exact.mean(0, keepdims=True))
        for start in range(0, len(exact), CHUNK):
            codes._add(exact[start : start + CHUNK])
        return codes

    def _add(self, part: np.ndarray) -> None:
        start = self.index.ntotal
        self.index.add(self._coded(part))
        said = self.index.reconstruct_n(start, len(part))[:, : len(self.columns)]
        off = part - self.centre
        off[:, self.columns] -= self.step[self.columns] * said
        # Beside the rounding to 8 bits, FAISS and numpy add up the same numbers in different orders.
        most = np.linalg.norm(off, axis=1) + 1e-5 * np.linalg.norm(part, axis=1)
        self.slack = max(self.slack, float(most.max()))

    def _coded(self, rows: np.ndarray) -> np.ndarray:
        return self._wide(np.clip(np.rint((rows - self.centre) / self.step), -127, 127))

    def _wide(self, rows: np.ndarray) -> np.ndarray:
        """The `columns` of rows (n, d), and zeros up to the index's length."""
        wide = np.zeros((len(rows), self.index.d), np.float32)
        wide[:, : len(self.columns)] = rows[:, self.columns]
        return wide

    def best(self, probe: np.ndarray, count: int) -> tuple[np.ndarray, float]:
        """The places of the `count` rows that score best by their codes, and what any other may score at most."""
        rough, found = self.index.search(self._wide((probe * self.step)[None]), count)
        return np.sort(found[0]), float(rough[0, -1] + self.centre @ probe) + self.slack * float(np.linalg.norm(probe))

    def wipe(self, places: np.ndarray) -> None:
        """Puts the mean of all rows, which is nobody's face, in the place of these."""
        import faiss

        size = int(self.index.code_size)
        codes = np.asarray(faiss.rev_swig_ptr(self.index.codes.data(), self.index.ntotal * size))
        codes.reshape(-1, size)[places] = self.index.sa_encode(self._coded(self.middle))[0]


def one_thread_each() -> None:
    """In a thread that scans: FAISS shares out probes, not rows, so of one probe a second OpenMP thread does nothing
    but wait, and keeps a core from who could use it."""
    import faiss

    faiss.omp_set_num_threads(1)
