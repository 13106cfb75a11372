"""An 8-bit copy of many projections in FAISS, to scan in their place, and how far it may be from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

CHUNK = 16_384
LANES = 16
"""FAISS takes this many numbers at once, and one by one where a row's length is no multiple of it."""
MOST = 127
ADDED_UP = 1e-5
"""How far two sums of the same float32 products may be apart, as a share of the vectors' lengths."""


@dataclass
class Codes:
    """A row is about `centre` + `step` * its signed bytes in `index`: off by `reach` (d,) at most, column by column. No
    row is longer than `longest`, nor its bytes than `longest_bytes`.

    FAISS multiplies signed bytes with a probe of signed bytes, in whole numbers, in half the time it takes to decode
    the codes that it scales itself; of a probe with fractions it would drop them. So rows and probe are scaled here.
    Only the first `width` columns have bytes: those after them are the same for all rows, as a metric's last ones may
    be, and so are in `centre`.
    """

    index: Any
    width: int
    centre: np.ndarray
    step: np.ndarray
    middle: np.ndarray
    reach: np.ndarray
    longest: float = 0.0
    longest_bytes: float = 0.0

    @classmethod
    def of(cls, exact: np.ndarray) -> "Codes":
        """Of rows (n, d) float32."""
        import faiss  # 15 MB, which a small gallery does not need

        low, high = exact.min(0), exact.max(0)
        width = 1 + int(np.flatnonzero(high > low).max(initial=0))
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        index = faiss.IndexScalarQuantizer(LANES * -(-width // LANES), kind, faiss.METRIC_INNER_PRODUCT)
        step = np.maximum((high - low) / (2 * MOST), np.float32(1e-12))
        codes = cls(index, width, (low + high) / 2, step, exact.mean(0, keepdims=True), np.zeros_like(step))
        for start in range(0, len(exact), CHUNK):
            codes._add(exact[start : start + CHUNK])
        return codes

    def _add(self, part: np.ndarray) -> None:
        start = self.index.ntotal
        self.index.add(self._coded(part))
        said = self.index.reconstruct_n(start, len(part))[:, : self.width]
        self.longest = max(self.longest, _longest(part))
        self.longest_bytes = max(self.longest_bytes, _longest(said))
        off = part - self.centre
        off[:, : self.width] -= said * self.step[: self.width]
        self.reach = np.maximum(self.reach, np.abs(off, out=off).max(0))

    def _coded(self, rows: np.ndarray) -> np.ndarray:
        return _whole(self._wide((rows - self.centre) / self.step))

    def _wide(self, rows: np.ndarray) -> np.ndarray:
        """The first columns of rows (n, d), and zeros up to the index's length."""
        wide = np.zeros((len(rows), self.index.d), np.float32)
        wide[:, : self.width] = rows[:, : self.width]
        return wide

    def best(self, probe: np.ndarray, count: int) -> tuple[np.ndarray, float]:
        """The places of the `count` rows that score best by their codes, and what any other may score at most."""
        wanted = self._wide((probe * self.step)[None])
        scale = max(float(np.abs(wanted).max()) / MOST, 1e-30)
        asked = _whole(wanted / scale)
        rough, found = self.index.search(asked, count)
        off = self.reach @ np.abs(probe) + self.longest_bytes * np.linalg.norm(wanted - scale * asked)
        off += ADDED_UP * self.longest * np.linalg.norm(probe)
        return np.sort(found[0]), float(scale * rough[0, -1] + self.centre @ probe + off)

    def wipe(self, places: np.ndarray) -> None:
        """Puts the mean of all rows, which is nobody's face, in the place of these."""
        import faiss

        size = int(self.index.code_size)
        codes = np.asarray(faiss.rev_swig_ptr(self.index.codes.data(), self.index.ntotal * size))
        codes.reshape(-1, size)[places] = self.index.sa_encode(self._coded(self.middle))[0]


def _whole(rows: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(rows), -MOST, MOST)


def _longest(rows: np.ndarray) -> float:
    return float(np.sqrt(np.einsum("ij,ij->i", rows, rows).max()))


def one_thread_each() -> None:
    """In a thread that scans: FAISS shares out probes, not rows, so of one probe a second OpenMP thread does nothing
    but wait, and keeps a core from who could use it."""
    import faiss

    faiss.omp_set_num_threads(1)
