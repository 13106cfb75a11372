"""All rows of the gallery in memory, as a few blocks: added, removed, and the best cases found among them."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np

from services.matcher.gallery.block import Block, Columns, Found, joined
from services.matcher.gallery.codes import one_thread_each

LARGEST = 131_072
"""Rows of a block at most: the eight of a million rows keep every thread busy, and one is made anew in a moment."""
MOST_DEAD = 0.25
DEEPEST = 8
THREADS = min(4, os.cpu_count() or 1)

Pair = tuple[bytes, bytes]


class Blocks:
    """`cases` is how many cases have a row that can be found. `depth` is how many rows of each block are looked at
    first for each case that is wanted: it grows where that was not enough."""

    def __init__(self) -> None:
        self.all: list[Block] = []
        self.cases = 0
        self.depth = 1
        self.pool: ThreadPoolExecutor | None = None

    def __len__(self) -> int:
        return sum(int(block.live.sum()) for block in self.all)

    def __iter__(self) -> Iterator[Block]:
        return iter(self.all)

    def add(self, rows: Columns) -> None:
        """Adds rows, none of which is here. Small blocks are joined as they come, so that there are never many."""
        if not len(rows.seq):
            return
        self.cases += int((~self._known(np.unique(rows.case))).sum())
        while self.all and len(self.all[-1]) <= min(2 * len(rows.seq), LARGEST - len(rows.seq)):
            rows = joined([self.all.pop().alive(), rows])
        self.all.append(Block.of(rows))

    def remove_photos(self, pairs: Iterable[Pair]) -> None:
        """Wipes the rows of these cases' photos, as far as they are here."""
        gone = set(pairs)
        cases = _keys(case for case, _ in gone)
        self._wipe(
            cases,
            [
                (block, np.asarray([place for place in block.of_cases(cases) if _pair(block, place) in gone], np.int64))
                for block in self.all
            ],
        )

    def remove_cases(self, keys: Iterable[bytes]) -> None:
        """Wipes every row of these cases."""
        cases = _keys(keys)
        self._wipe(cases, [(block, block.of_cases(cases)) for block in self.all])

    def _wipe(self, cases: np.ndarray, where: list[tuple[Block, np.ndarray]]) -> None:
        before = self._known(cases)
        for block, places in where:
            if len(places):
                block.wipe(places)
        self.cases -= int((before & ~self._known(cases)).sum())
        self.all = [
            block if block.live.mean() > 1 - MOST_DEAD else Block.of(block.alive())
            for block in self.all
            if block.live.any()
        ]

    def _known(self, cases: np.ndarray) -> np.ndarray:
        known = np.zeros(len(cases), np.bool_)
        for block in self.all:
            known |= block.has(cases)
        return known

    def best_cases(self, probe: np.ndarray, wanted: int) -> np.ndarray:
        """The keys of the `wanted` cases whose best row scores highest against `probe` (d,): exactly those.

        Scans for ever more rows until no row that was passed over can score as high as the last case's best.
        """
        # The fewer the blocks, the more of the best are in one; and a case has several photos.
        count = max(wanted, 1) * (self.depth + 4 // max(len(self.all), 1))
        found: dict[int, Found] = {}
        again = list(range(len(self.all)))
        while again:
            found |= zip(again, self._scan([self.all[at] for at in again], probe, count), strict=True)
            best, lowest = self._ranked(found, wanted)
            again = [at for at, seen in found.items() if seen.rest > lowest]
            if again:
                count *= 4
                self.depth = min(2 * self.depth, DEEPEST)
        return _keys(best) if found else _keys([])

    def _scan(self, blocks: list[Block], probe: np.ndarray, count: int) -> list[Found]:
        if all(block.codes is None for block in blocks):
            return [block.scan(probe, count) for block in blocks]
        self.pool = self.pool or ThreadPoolExecutor(THREADS, "gallery", one_thread_each)
        return list(self.pool.map(lambda block: block.scan(probe, count), blocks))

    def _ranked(self, found: dict[int, Found], wanted: int) -> tuple[list[bytes], float]:
        """The best cases, and what the last of them scores; minus infinity where there are fewer than wanted."""
        scores = np.concatenate([seen.scores for seen in found.values()])
        cases = list(chain.from_iterable(self.all[at].rows.case[seen.places].tolist() for at, seen in found.items()))
        best: dict[bytes, None] = {}
        for at in np.argsort(-scores, kind="stable").tolist():
            best.setdefault(cases[at])
            if len(best) == wanted:
                return list(best), float(scores[at])
        return list(best), -np.inf


def _keys(keys: Iterable[bytes]) -> np.ndarray:
    return np.unique(np.asarray(list(keys), np.bytes_))


def _pair(block: Block, place: int) -> Pair:
    return bytes(block.rows.case[place]), bytes(block.rows.photo[place])
