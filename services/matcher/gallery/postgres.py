"""The gallery in PostgreSQL: pgvector's exact scan, shared by any number of workers, nothing kept in memory."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import Float, and_, case, func, select
from sqlalchemy.orm import Session

from services.matcher.gallery import admitted
from services.matcher.models import Template
from services.matcher.packs import FacePack
from services.matcher.rules import Hit, best_per_case
from shared.keys import Directory

AT_A_TIME = 100


class PostgresGallery:
    """Grants are verified as rows are read, best first, so that a search pays only for what it answers."""

    def __init__(self, pack: FacePack, directory: Directory) -> None:
        self.directory = directory
        self.mine = and_(Template.pack == pack.name, Template.pack_version == pack.version)

    def search(self, session: Session, probe: np.ndarray, floor: float, limit: int) -> list[Hit]:
        return best_per_case(self._hits(session, probe, floor), limit)

    def refresh(self, session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Template).where(self.mine)) or 0

    def _hits(self, session: Session, probe: np.ndarray, floor: float) -> Iterator[Hit]:
        # `<#>` is the negative inner product. Only a CASE keeps it from vectors of another pack's length.
        distance = case((self.mine, Template.vector.op("<#>", return_type=Float())(probe)))
        found = (
            select(
                Template.id, Template.grant, Template.photo_digest, Template.case_key, Template.photo_id,
                Template.age_at_photo, distance.label("distance"),
            )
            .where(distance <= -floor)
            .order_by(distance)
            .execution_options(yield_per=AT_A_TIME)
        )  # fmt: skip
        with session.execute(found) as rows:
            for row in rows:
                if admitted(self.directory, row.id, row.grant, row.case_key, row.photo_digest):
                    yield Hit(row.case_key, row.photo_id, -row.distance, row.age_at_photo)
