"""The gallery in memory: an exact search over a cache of the room's table.

Each search first applies the rows and deletions since the last sequence number it saw, so that any number of workers
may share one table. One thread only.
"""

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher import store
from services.matcher.gallery import admitted, one
from services.matcher.metric import Metric
from services.matcher.models import Forgotten, Template
from services.matcher.packs import FacePack
from services.matcher.rules import Hit
from shared.keys import Directory

FIRST_CAPACITY = 256
AT_A_TIME = 1000
Key = tuple[str, str]
About = tuple[float | None, float]


class MemoryGallery:
    """`matrix` has a row for each template, the first `len(keys)` of them in use, in the order of `keys`."""

    def __init__(self, pack: FacePack, directory: Directory) -> None:
        self.pack = pack
        self.directory = directory
        self.metric: Metric | None = None

    def _clear(self, metric: Metric) -> None:
        self.metric = metric
        self.seen = 0
        self.matrix = np.zeros((FIRST_CAPACITY, metric.dimension), np.float32)
        self.keys: list[Key] = []
        self.about: list[About] = []
        self.place: dict[Key, int] = {}
        self.photos: dict[str, set[str]] = {}

    def search(self, session: Session, metric: Metric, probe: np.ndarray, age: float | None, cases: int) -> list[Hit]:
        self.refresh(session, metric)
        scores = self.matrix[: len(self.keys)] @ metric.probes(probe[None], one(age))[0]
        chosen: dict[str, None] = {}
        for at in np.argsort(-scores, kind="stable"):
            chosen.setdefault(self.keys[at][0])
            if len(chosen) >= cases:
                break
        places = [self.place[case, photo] for case in chosen for photo in self.photos[case]]
        return sorted((self._hit(at, float(scores[at])) for at in places), key=lambda hit: -hit.score)

    def _hit(self, at: int, score: float) -> Hit:
        return Hit(*self.keys[at], score, *self.about[at])

    def cases(self, session: Session) -> int:
        return len(self.photos)

    def refresh(self, session: Session, metric: Metric) -> int:
        head = store.head(session)
        if self.metric is None or self.metric.version != metric.version or head < self.seen:
            self._clear(metric)  # another metric, or an older copy of the database was put in its place
        if head > self.seen:
            self._add_new(session, metric)
            self._drop_forgotten(session)
            self.seen = head
        return len(self.keys)

    def _add_new(self, session: Session, metric: Metric) -> None:
        new = select(
            Template.id, Template.grant, Template.photo_digest, Template.case_key, Template.photo_id,
            Template.age_at_photo, Template.quality, Template.vector,
        ).where(
            Template.seq > self.seen, Template.pack == self.pack.name, Template.pack_version == self.pack.version
        )  # fmt: skip
        for row in session.execute(new.execution_options(yield_per=AT_A_TIME)):
            if admitted(self.directory, row.id, row.grant, row.case_key, row.photo_digest):
                projection = metric.templates(row.vector[None], one(row.age_at_photo))[0]
                self._put((row.case_key, row.photo_id), projection, (row.age_at_photo, row.quality))
            else:
                self._remove((row.case_key, row.photo_id))

    def _drop_forgotten(self, session: Session) -> None:
        for case_key in session.scalars(select(Forgotten.case_key).where(Forgotten.seq > self.seen)):
            for photo_id in tuple(self.photos.get(case_key, ())):
                self._remove((case_key, photo_id))

    def _put(self, key: Key, vector: np.ndarray, about: About) -> None:
        position = self.place.get(key)
        if position is None:
            position = self.place[key] = len(self.keys)
            self.keys.append(key)
            self.about.append(about)
            self.photos.setdefault(key[0], set()).add(key[1])
            if position == len(self.matrix):
                self.matrix = np.concatenate([self.matrix, np.zeros_like(self.matrix)])
        self.matrix[position] = vector
        self.about[position] = about

    def _remove(self, key: Key) -> None:
        """Puts the last row into the place of the removed one, and wipes what it leaves."""
        position = self.place.pop(key, None)
        if position is None:
            return
        self.photos[key[0]].discard(key[1])
        if not self.photos[key[0]]:
            del self.photos[key[0]]
        moved, about, last = self.keys.pop(), self.about.pop(), len(self.keys)
        if position != last:
            self.matrix[position], self.keys[position], self.about[position] = self.matrix[last], moved, about
            self.place[moved] = position
        self.matrix[last] = 0
