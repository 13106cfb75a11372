"""A part of the gallery in memory: projections in float32 and, where there are many, an 8-bit copy to scan first.

The scan is exact all the same: the copy knows how far any of its rows may be from what it stands for, so a search knows
when nothing that was passed over can belong to the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from services.matcher.gallery.codes import Codes

QUANTISED_FROM = 16_384
"""Rows from which a block has an 8-bit copy. Below, the exact comparison takes a millisecond and needs no FAISS."""


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
    codes: Codes | None = None

    @classmethod
    def of(cls, rows: Columns) -> "Block":
        order = np.argsort(rows.case, kind="stable")
        block = cls(rows.chosen(order), np.ones(len(order), np.bool_))
        if len(order) >= QUANTISED_FROM:
            block.codes = Codes.of(block.rows.exact)
        return block

    def __len__(self) -> int:
        return len(self.live)

    def scan(self, probe: np.ndarray, count: int) -> Found:
        """About `count` rows that score best against `probe` (d,)."""
        count = min(count, len(self))
        best = self._best_exact if self.codes is None else self.codes.best
        places, rest = best(probe, count)
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
            self.codes.wipe(places)

    def alive(self) -> Columns:
        """The rows that can be found, to make another block of."""
        return self.rows if self.live.all() else self.rows.chosen(self.live)
