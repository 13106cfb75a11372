"""The gallery in PostgreSQL: shared by any number of workers, nothing kept in memory."""

import numpy as np
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from services.matcher.gallery import admitted, one
from services.matcher.metric import Metric
from services.matcher.models import Template
from services.matcher.packs import FacePack
from services.matcher.rules import Hit
from shared.keys import Directory


class PostgresGallery:
    """Grants are verified as rows are read."""

    def __init__(self, pack: FacePack, directory: Directory) -> None:
        self.directory = directory
        self.mine = and_(Template.pack == pack.name, Template.pack_version == pack.version)

    def search(self, session: Session, metric: Metric, probe: np.ndarray, age: float | None, cases: int) -> list[Hit]:
        rows = [row for row in session.scalars(select(Template).where(self.mine)) if self._admitted(row)]
        if not rows:
            return []
        ages = np.asarray([np.nan if row.age_at_photo is None else row.age_at_photo for row in rows], np.float32)
        known = metric.templates(np.stack([row.vector for row in rows]), ages)
        scores = known @ metric.probes(probe[None], one(age))[0]
        hits = [
            Hit(row.case_key, row.photo_id, float(score), row.age_at_photo, row.quality)
            for row, score in zip(rows, scores, strict=True)
        ]
        hits.sort(key=lambda hit: -hit.score)
        best = list(dict.fromkeys(hit.case_key for hit in hits))[:cases]
        return [hit for hit in hits if hit.case_key in best]

    def _admitted(self, row: Template) -> bool:
        return admitted(self.directory, row.id, row.grant, row.case_key, row.photo_digest)

    def cases(self, session: Session) -> int:
        return session.scalar(select(func.count(Template.case_key.distinct())).where(self.mine)) or 0

    def refresh(self, session: Session, metric: Metric) -> int:
        return session.scalar(select(func.count()).select_from(Template).where(self.mine)) or 0
