"""The questions that the gallery asks PostgreSQL: which cases come nearest, and what there is of their photos."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Double, and_, bindparam, cast, func, select, text
from sqlalchemy.orm import Session

from services.matcher.gallery import indexes
from services.matcher.metric import Metric
from services.matcher.models import Projection, Template
from services.matcher.packs import FacePack

WIDTH = 1600
"""How many of the nearest by the index are ranked by their full numbers: bench/gallery.py shows what it costs, and what
share of the best it finds. The index is walked until it has as many."""
MOST_EF = 1000
"""pgvector takes no higher hnsw.ef_search; what is wanted beyond, its iterative scan finds."""

_SETTINGS = text("""
    SELECT set_config('hnsw.ef_search', :ef, true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
           set_config('hnsw.max_scan_tuples', :most, true), set_config('jit', 'off', true)
""")


def compared_by(pack: FacePack, metric: str) -> ColumnElement[bool]:
    """The projections of one pack and metric. The words stand in the question itself: only so does PostgreSQL see that
    the partial index answers it."""
    return and_(*(column == _word(word) for column, word in indexes.partition(pack, metric)))


def _word(word: str) -> Any:
    return bindparam(None, word, literal_execute=True)


class Nearest:
    """One probe, projected to (d,), against one pack's projections."""

    def __init__(self, pack: FacePack, metric: Metric, probe: np.ndarray, width: int = WIDTH) -> None:
        self.pack = pack
        self.metric = metric
        self.probe = probe
        self.width = width
        self.mine = compared_by(pack, metric.version)
        self.score: ColumnElement[float] = -Projection.vector.op("<#>", return_type=Double())(probe)

    def best_cases(self, session: Session, wanted: int) -> list[str]:
        """The keys of the `wanted` cases whose best photo scores highest, best first. Exact while there is no index;
        with one, the nearest by its halves are ranked by the full numbers."""
        indexed = indexes.ready(session, self.pack, self.metric.version)
        count = max(2 * wanted, self.width) if indexed else 2 * wanted
        while True:
            rows = self._nearest(session, count, indexed=indexed)
            best = list(dict.fromkeys(case for case, _ in sorted(rows, key=lambda row: -row[1])))
            if len(best) >= wanted or len(rows) < count:
                return best[:wanted]
            count *= 4

    def _nearest(self, session: Session, count: int, *, indexed: bool) -> list[tuple[str, float]]:
        settings = {"ef": str(min(count, MOST_EF)), "most": str(max(20_000, 50 * count))}
        session.execute(_SETTINGS, settings)
        halves = cast(Projection.vector, HALFVEC(self.metric.dimension))
        order = halves.max_inner_product(self.probe) if indexed else -self.score
        near = (
            select(Projection.template_id, self.score.label("score"))
            .where(self.mine)
            .order_by(order)
            .limit(count)
            .cte("near")
            .prefix_with("MATERIALIZED")
        )
        rows = select(Template.case_key, near.c.score).join(near, near.c.template_id == Template.id)
        return [(case, score) for case, score in session.execute(rows)]

    def photos(self, session: Session, cases: Sequence[str]) -> Sequence[Any]:
        """Every photo of the cases, best first: rows of `id`, `case_key`, `photo_id`, `photo_digest`, `grant`,
        `age_at_photo`, `quality`, `score`."""
        if not cases:
            return []
        score = self.score.label("score")
        rows = (
            select(
                Template.id, Template.case_key, Template.photo_id, Template.photo_digest, Template.grant,
                Template.age_at_photo, Template.quality, score,
            )
            .join(Projection, Projection.template_id == Template.id)
            .where(self.mine, Template.case_key == func.any(list(cases)))
            .order_by(score.desc())
        )  # fmt: skip
        return session.execute(rows).all()
