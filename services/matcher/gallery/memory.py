"""The gallery in memory: an exact search over a cache of the room's table (docs/decisions/0022).

Each search first applies the rows and deletions since the last sequence number it saw, so that any number of workers
may share one table. A search and `tend` may come from two threads.
"""

import logging
import threading
import time
from collections.abc import Iterator

import numpy as np
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.matcher import store
from services.matcher.gallery import projection_of
from services.matcher.gallery.block import Block, Columns, joined
from services.matcher.gallery.blocks import LARGEST, Blocks
from services.matcher.gallery.grants import holding
from services.matcher.gallery.loading import AT_A_TIME, TOLD_EVERY, newer
from services.matcher.gallery.projecting import can_be_compared
from services.matcher.metric import Metric
from services.matcher.models import Forgotten, Template
from services.matcher.packs import FacePack
from services.matcher.rules import Hit
from shared.keys import Directory

log = logging.getLogger("homeward.gallery")

VERIFIED_AT_A_TIME = 200

Place = tuple[Block, np.ndarray]


class MemoryGallery:
    """`seen` is the number of the newest change to the table that `blocks` know."""

    def __init__(self, pack: FacePack, directory: Directory) -> None:
        self.directory = directory
        self.mine = and_(Template.pack == pack.name, Template.pack_version == pack.version)
        self.metric: Metric | None = None
        self.blocks = Blocks()
        self.seen = 0
        self.lock = threading.RLock()

    def save(self, session: Session, metric: Metric, template: Template) -> bool:
        comparable = can_be_compared(template.vector, template.age_at_photo, metric)
        return comparable and store.save_template(session, template)

    def search(self, session: Session, metric: Metric, probe: np.ndarray, age: float | None, cases: int) -> list[Hit]:
        with self.lock:
            self.refresh(session, metric)
            projection = projection_of(metric, probe, age)
            if projection is None:
                return []
            while True:
                chosen = self.blocks.best_cases(projection, cases)
                places = [(block, block.of_cases(chosen)) for block in self.blocks]
                if self._verify(session, places):
                    return _hits(places, projection)

    def cases(self, session: Session) -> int:
        return self.blocks.cases

    # ---- as the table is now -----------------------------------------------------------------------------------

    def refresh(self, session: Session, metric: Metric) -> int:
        with self.lock:
            head = store.head(session)
            if self.metric is None or self.metric.version != metric.version or head < self.seen:
                # Another metric, or an older copy of the database was put in its place.
                self.metric, self.blocks, self.seen = metric, Blocks(), 0
            if head > self.seen:
                self._remove_replaced(session)
                self._add_new(session, metric)
                self.blocks.remove_cases(self._forgotten(session))
                self.seen = head
            return len(self.blocks)

    def _remove_replaced(self, session: Session) -> None:
        if len(self.blocks):
            changed = select(Template.case_key, Template.photo_id).where(self.mine, Template.seq > self.seen)
            self.blocks.remove_photos((case.encode(), photo.encode()) for case, photo in session.execute(changed))

    def _forgotten(self, session: Session) -> list[bytes]:
        gone = session.scalars(select(Forgotten.case_key).where(Forgotten.seq > self.seen))
        return [case.encode() for case in gone] if len(self.blocks) else []

    def _add_new(self, session: Session, metric: Metric) -> None:
        waiting: list[Columns] = []
        for part in newer(session, self.mine, self.seen, metric):
            waiting.append(part)
            if sum(len(rows.seq) for rows in waiting) > LARGEST - AT_A_TIME:
                self._take(waiting)
        if waiting:
            self._take(waiting)

    def _take(self, waiting: list[Columns]) -> None:
        rows = joined(waiting)
        waiting.clear()  # before the block is made of a copy: a large gallery is held once
        self.blocks.add(rows)

    # ---- grants ------------------------------------------------------------------------------------------------

    def _verify(self, session: Session, places: list[Place]) -> bool:
        """Verifies the rows' grants where this process has not yet. False if one does not hold: it was removed."""
        todo = [(block, at[~block.rows.verified[at]]) for block, at in places]
        wanted = {seq: pair for block, at in todo for seq, pair in _keys(block, at)}
        return self._mark(todo, holding(session, self.directory, wanted)) if wanted else True

    def _mark(self, places: list[Place], good: set[int]) -> bool:
        bad: list[tuple[bytes, bytes]] = []
        for block, at in places:
            holds = np.isin(block.rows.seq[at], list(good))
            block.rows.verified[at[holds]] = True
            bad += [pair for _, pair in _keys(block, at[~holds])]
        if bad:
            self.blocks.remove_photos(bad)
        return not bad

    def tend(self, session: Session, metric: Metric) -> None:
        """Verifies, a few at a time, every grant that was not verified since the gallery was loaded."""
        done = 0
        while (waiting := self._unverified()) is not None:
            begun = time.monotonic()
            good = holding(session, self.directory, dict(_keys(*waiting)))
            session.rollback()
            with self.lock:
                self._mark_if_still_there(*waiting, good)
            done += len(waiting[1])
            if done % TOLD_EVERY < VERIFIED_AT_A_TIME:
                log.info("%d grants verified", done)
            time.sleep((time.monotonic() - begun) / 4)  # gives way to searches

    def _unverified(self) -> Place | None:
        with self.lock:
            for block in self.blocks:
                at = np.flatnonzero(block.live & ~block.rows.verified)[:VERIFIED_AT_A_TIME]
                if len(at):
                    return block, at
            return None

    def _mark_if_still_there(self, block: Block, at: np.ndarray, good: set[int]) -> None:
        if any(block is each for each in self.blocks):
            self._mark([(block, at[block.live[at]])], good)


def _keys(block: Block, at: np.ndarray) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    rows = block.rows
    pairs = zip(rows.case[at].tolist(), rows.photo[at].tolist(), strict=True)
    return zip(rows.seq[at].tolist(), pairs, strict=True)


def _hits(places: list[Place], projection: np.ndarray) -> list[Hit]:
    hits: list[Hit] = []
    for block, at in places:
        rows = block.rows
        values = (rows.case[at], rows.photo[at], rows.exact[at] @ projection, rows.age[at], rows.quality[at])
        for case, photo, score, age, quality in zip(*(value.tolist() for value in values), strict=True):
            known = None if np.isnan(age) else age
            hits.append(Hit(case.decode(), photo.decode(), score, known, quality))
    return sorted(hits, key=lambda hit: -hit.score)
