"""A part of the gallery in memory: projections in float32 and, where there are many, FAISS's 8-bit copy to scan first.

The scan is exact all the same: a block knows how far any of its 8-bit rows may be from what it stands for, so a search
knows when nothing that was passed over can belong to the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

QUANTISED_FROM = 16_384
"""Rows from which a block has an 8-bit copy. Below, the exact comparison takes a millisecond and needs no FAISS."""
CHUNK = 16_384


def one_thread_each() -> None:
    """In a thread that scans: FAISS shares out probes, not rows, so of one probe a second OpenMP thread does nothing
    but wait, and keeps a core from who could use it."""
    import faiss

    faiss.omp_set_num_threads(1)


@dataclass
class Columns:
    """Rows of one gallery. `case` and `photo` are the keys as bytes; `age` is NaN where unknown.

    `live`: can be found. `verified`: this process has verified the grant of exactly this row.
    """

    case: np.ndarray
    photo: np.ndarray
    seq: np.ndarray
    age: np.ndarray
    quality: np.ndarray
    verified: np.ndarray
    exact: np.ndarray

    def chosen(self, which: np.ndarray) -> "Columns":
        """The rows that `which` means: places in their order, or a mask."""
        return Columns(*(getattr(self, name.name)[which] for name in fields(Columns)))


def joined(parts: Sequence[Columns]) -> Columns:
    return Columns(*(np.concatenate([getattr(part, name.name) for part in parts]) for name in fields(Columns)))


@dataclass(frozen=True)
class Found:
    """Rows of a block at `places`, with their exact `scores`; every other row scores at most `rest`."""

    places: np.ndarray
    scores: np.ndarray
    rest: float


@dataclass
class Block:
    """Rows in the order of their cases. They never move; one that is removed is wiped and stays as a dead row."""

    rows: Columns
    live: np.ndarray
    codes: Any = None
    slack: float = 0.0
    blank: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint8))

    @classmethod
    def of(cls, rows: Columns) -> "Block":
        order = np.argsort(rows.case, kind="stable")
        block = cls(rows.chosen(order), np.ones(len(order), np.bool_))
        if len(order) >= QUANTISED_FROM:
            block._quantise()
        return block

    def __len__(self) -> int:
        return len(self.live)

    def _quantise(self) -> None:
        import faiss  # 15 MB, which a small gallery does not need

        exact = self.rows.exact
        self.codes = faiss.IndexScalarQuantizer(
            exact.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        self.codes.train(exact)
        self.codes.add(exact)
        self.blank = self.codes.sa_encode(exact.mean(0, keepdims=True))[0]
        for start in range(0, len(exact), CHUNK):
            part = exact[start : start + CHUNK]
            off = np.linalg.norm(self.codes.reconstruct_n(start, len(part)) - part, axis=1)
            # Beside the rounding to 8 bits, FAISS and numpy add up the same numbers in different orders.
            self.slack = max(self.slack, float((off + 1e-5 * np.linalg.norm(part, axis=1)).max()))

    def scan(self, probe: np.ndarray, count: int) -> Found:
        """About `count` rows that score best against `probe` (d,)."""
        count = min(count, len(self))
        if self.codes is None:
            places, rest = self._best_exact(probe, count)
        else:
            rough, found = self.codes.search(probe[None], count)
            places = np.sort(found[0])
            rest = float(rough[0, -1]) + self.slack * float(np.linalg.norm(probe))
        places = places[self.live[places]]
        return Found(places, self.rows.exact[places] @ probe, rest if count < len(self) else -np.inf)

    def _best_exact(self, probe: np.ndarray, count: int) -> tuple[np.ndarray, float]:
        scores = self.rows.exact @ probe
        if count == len(scores):
            return np.arange(count), -np.inf
        order = np.argpartition(-scores, count)
        return np.sort(order[:count]), float(scores[order[count]])

    def of_cases(self, cases: np.ndarray) -> np.ndarray:
        """The places of every photo of `cases`, keys as bytes."""
        first = np.searchsorted(self.rows.case, cases, "left")
        last = np.searchsorted(self.rows.case, cases, "right")
        there = last > first
        ranges = [np.arange(start, end) for start, end in zip(first[there], last[there], strict=True)]
        places = np.concatenate(ranges) if ranges else np.zeros(0, np.int64)
        return places[self.live[places]]

    def has(self, cases: np.ndarray) -> np.ndarray:
        """Which of `cases`, keys as bytes, have a photo here."""
        before = np.concatenate([[0], np.cumsum(self.live)])
        first = np.searchsorted(self.rows.case, cases, "left")
        last = np.searchsorted(self.rows.case, cases, "right")
        return np.asarray(before[last] > before[first])

    def wipe(self, places: np.ndarray) -> None:
        """Leaves nothing of the rows' faces, here or in the 8-bit copy."""
        self.live[places] = False
        self.rows.exact[places] = 0
        self.rows.photo[places] = b""
        if self.codes is not None:
            self._codes()[places] = self.blank

    def _codes(self) -> np.ndarray:
        import faiss

        size = len(self) * self.codes.code_size
        codes: np.ndarray = faiss.rev_swig_ptr(self.codes.codes.data(), size)
        return codes.reshape(len(self), self.codes.code_size)

    def alive(self) -> Columns:
        """The rows that can be found, to make another block of."""
        return self.rows if self.live.all() else self.rows.chosen(self.live)
