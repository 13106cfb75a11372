"""The gallery in PostgreSQL with pgvector: shared by any number of workers, no vector kept in memory.

See docs/decisions/0022. Projections are kept by metric, and written in the transaction that saves a template. What
another worker saved with another metric is projected before the next search.
"""

import hashlib
import logging
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import and_, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.matcher import store
from services.matcher.gallery import admitted, indexes, projection_of
from services.matcher.gallery.nearest import Nearest, compared_by
from services.matcher.gallery.projecting import can_be_compared, projected, tell_left_out
from services.matcher.metric import Metric
from services.matcher.models import LearnedMetric, Projection, Template
from services.matcher.packs import FacePack
from services.matcher.rules import Hit
from shared.keys import Directory

log = logging.getLogger("homeward.gallery")

AT_A_TIME = 1000
TOLD_EVERY = 100_000
KEPT_AFTER_CHANGE = timedelta(minutes=10)
"""How long a metric's projections outlive its successor's activation: every worker has changed over by then."""
REMEMBERED = 200_000
"""How many verified grants a process remembers, 16 bytes each."""
COUNT_S = 0.02
COUNTED_FOR_S = 60.0
DROPPED_EVERY_S = 600.0


class PostgresGallery:
    """`seen` is the number of the newest change whose templates are all projected by the metric `version`."""

    def __init__(self, pack: FacePack, directory: Directory) -> None:
        self.pack = pack
        self.directory = directory
        self.mine = and_(Template.pack == pack.name, Template.pack_version == pack.version)
        self.version: str | None = None
        self.seen = 0
        self.dropped = -math.inf
        self.verified: set[bytes] = set()
        self.counted = (-1, 0, 0.0, 0.0)  # at which change, how many cases, seconds it took, when

    def save(self, session: Session, metric: Metric, template: Template) -> bool:
        if not can_be_compared(template.vector, template.age_at_photo, metric):
            return False
        if not store.save_template(session, template):
            return False
        self._write(session, metric, [template])
        return True

    def search(self, session: Session, metric: Metric, probe: np.ndarray, age: float | None, cases: int) -> list[Hit]:
        self._catch_up(session, metric)
        projection = projection_of(metric, probe, age)
        if projection is None:
            return []
        nearest = Nearest(self.pack, metric, projection)
        while True:
            chosen = nearest.best_cases(session, cases) or self._again(session, nearest, cases)
            rows = nearest.photos(session, chosen)
            bad = [row.id for row in rows if not self._admitted(row)]
            if not bad:
                return [Hit(row.case_key, row.photo_id, row.score, row.age_at_photo, row.quality) for row in rows]
            session.execute(delete(Projection).where(Projection.template_id.in_(bad)))

    def _again(self, session: Session, nearest: Nearest, cases: int) -> list[str]:
        """Nothing at all is rare enough to look whether another worker has dropped this metric's projections."""
        self.version = None
        self._catch_up(session, nearest.metric)
        return nearest.best_cases(session, cases)

    def _admitted(self, row: Any) -> bool:
        """Verified by this process once for exactly these words."""
        words = "\0".join((row.id, row.case_key, row.photo_digest, row.grant)).encode()
        mark = hashlib.blake2b(words, digest_size=16).digest()
        if mark in self.verified:
            return True
        if not admitted(self.directory, row.id, row.grant, row.case_key, row.photo_digest):
            return False
        if len(self.verified) >= REMEMBERED:
            self.verified.clear()
        self.verified.add(mark)
        return True

    def cases(self, session: Session) -> int:
        """Counted anew after each change; at most once a minute where that takes long."""
        change, number, took, at = self.counted
        head, now = store.head(session), time.monotonic()
        if change < 0 or (head != change and (took < COUNT_S or now - at > COUNTED_FOR_S)):
            number = session.scalar(select(func.count(Template.case_key.distinct())).where(self.mine)) or 0
            self.counted = (head, number, time.monotonic() - now, now)
        return number

    def refresh(self, session: Session, metric: Metric) -> int:
        self._catch_up(session, metric)
        searched = select(func.count()).select_from(Projection).where(compared_by(self.pack, metric.version))
        return session.scalar(searched) or 0

    def tend(self, session: Session, metric: Metric) -> None:
        """Keeps projections up, makes the index once there are many, and drops those of metrics no longer used."""
        self._catch_up(session, metric)
        session.rollback()  # an index made concurrently waits for every transaction that is open
        engine = session.get_bind()
        indexes.make(engine, self.pack, metric)
        if time.monotonic() - self.dropped > DROPPED_EVERY_S:
            self.dropped = time.monotonic()
            with Session(engine) as own:
                self._drop_outlived(own, metric)

    # ---- projections -------------------------------------------------------------------------------------------

    def _catch_up(self, session: Session, metric: Metric) -> None:
        """Projects what was committed since `seen`, or everything that this metric has not yet, in transactions of its
        own: what it writes stays, whatever becomes of the caller's."""
        head = store.head(session)
        if self.version == metric.version and head == self.seen:
            return
        after = self.seen if self.version == metric.version and head > self.seen else 0
        done, told = 0, 0
        with Session(session.get_bind()) as own:
            while rows := own.scalars(self._missing(metric, after)).all():
                self._write(own, metric, [row for row in rows if self._admitted(row)])
                after, done = rows[-1].seq, done + len(rows)
                own.commit()
                if done - told >= TOLD_EVERY:
                    log.info("%d templates projected by the metric %s", done, metric.version)
                    told = done
        self.version, self.seen = metric.version, head

    def _missing(self, metric: Metric, after: int) -> Any:
        there = exists().where(Projection.template_id == Template.id, Projection.metric == metric.version)
        return select(Template).where(self.mine, Template.seq > after, ~there).order_by(Template.seq).limit(AT_A_TIME)

    def _write(self, session: Session, metric: Metric, templates: Sequence[Template]) -> None:
        """Projects the templates that can be compared; two workers may do the same at the same time."""
        ages = np.asarray([row.age_at_photo for row in templates], np.float64)  # None becomes NaN
        good, made = projected([row.vector for row in templates], ages, metric)
        tell_left_out([row.seq for row, fine in zip(templates, good, strict=True) if not fine])
        kept = [row for row, fine in zip(templates, good, strict=True) if fine]
        if kept:
            values = [
                {"template_id": row.id, "metric": metric.version, "pack": row.pack, "pack_version": row.pack_version,
                 "vector": vector}
                for row, vector in zip(kept, made, strict=True)
            ]  # fmt: skip
            session.execute(insert(Projection).on_conflict_do_nothing(), values)

    def _drop_outlived(self, own: Session, metric: Metric) -> None:
        """Drops the pack's other projections, unless their metric is being built or this one became active just now."""
        known = select(LearnedMetric).where(
            LearnedMetric.pack == self.pack.name, LearnedMetric.pack_version == self.pack.version
        )
        metrics = {each.version: each for each in own.scalars(known)}
        active = [each for each in metrics.values() if each.state == "active"]
        before = datetime.now(UTC) - KEPT_AFTER_CHANGE
        if any(each.version != metric.version or (each.activated_at or before) > before for each in active):
            return
        kept = {metric.version} | {each.version for each in metrics.values() if each.state == "building"}
        mine = (Projection.pack == self.pack.name, Projection.pack_version == self.pack.version)
        own.execute(delete(Projection).where(*mine, Projection.metric.not_in(kept)))
        own.commit()
        indexes.drop_others(own.get_bind(), self.pack, kept)
