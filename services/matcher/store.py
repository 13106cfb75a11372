"""Loads and saves the matcher's rows. Whoever changes the gallery takes the next sequence number first."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from services.matcher.models import Answered, Forgotten, GalleryHead, LearnedMetric, Probe, Search, Template
from services.matcher.packs import FacePack
from shared import counting
from shared.messages import Point


def head(session: Session) -> int:
    """The number of the newest change to the gallery; 0 before the first."""
    return counting.head(session, GalleryHead)


def next_seq(session: Session) -> int:
    """A new change's number; on PostgreSQL, others who change the gallery wait until this transaction ends."""
    return counting.next_number(session, GalleryHead)


def is_forgotten(session: Session, case_key: str) -> bool:
    return session.scalar(select(Forgotten.case_key).where(Forgotten.case_key == case_key)) is not None


def save_template(session: Session, template: Template) -> bool:
    """Adds the template to the gallery, in the place of an earlier one of the same photo and pack. False, adding
    nothing, where the case was forgotten: nobody else can forget it once this has its number.

    Handlers save through the gallery, which looks at the vector first.
    """
    template.seq = next_seq(session)
    if is_forgotten(session, template.case_key):
        return False
    same_pack = (Template.pack == template.pack, Template.pack_version == template.pack_version)
    session.execute(
        delete(Template).where(
            Template.case_key == template.case_key, Template.photo_id == template.photo_id, *same_pack
        )
    )
    session.add(template)
    session.flush()
    return True


def forget(session: Session, case_key: str, now: datetime) -> int:
    """Erases a case's templates, of every pack, for good and leaves its tombstone. Returns how many there were."""
    seq = next_seq(session)
    erased = session.scalars(delete(Template).where(Template.case_key == case_key).returning(Template.id)).all()
    session.execute(delete(Answered).where(Answered.case_key == case_key))
    if not is_forgotten(session, case_key):
        session.add(Forgotten(case_key=case_key, seq=seq, forgotten_at=now))
        session.flush()
    return len(erased)


def grant_used(session: Session, search_id: str, grant_digest: str) -> bool:
    same = or_(Search.id == search_id, Search.grant_digest == grant_digest)
    return session.scalar(select(Search.id).where(same)) is not None


def note_search(session: Session, search_id: str, grant_digest: str, now: datetime, *, still_open: bool) -> None:
    """The single use of a search's grant: a second row of it cannot be written."""
    state = "open" if still_open else "closed"
    session.add(Search(id=search_id, grant_digest=grant_digest, state=state, searched_at=now))
    session.flush()


def keep_probes(
    session: Session,
    search_id: str,
    pack: FacePack,
    probes: Sequence[tuple[Point, np.ndarray]],
    age: float | None = None,
) -> None:
    """Keeps the faces that resembled somebody until the officers have decided; `age` in years, None: unknown."""
    for position, (face, vector) in enumerate(probes):
        session.add(
            Probe(
                search_id=search_id, position=position, face=list(face), pack=pack.name, pack_version=pack.version,
                vector=vector, age=age,
            )
        )  # fmt: skip


def close_search(session: Session, search_id: str) -> None:
    """Erases a search's vectors."""
    session.execute(delete(Probe).where(Probe.search_id == search_id))
    search = session.get(Search, search_id)
    if search is not None:
        search.state = "closed"


def sweep(session: Session, before: datetime) -> None:
    """Drops the rows of closed searches made before then: their grants are long past using again."""
    session.execute(delete(Search).where(Search.state == "closed", Search.searched_at < before))


def active_metric(session: Session, pack: FacePack) -> str | None:
    """The version of the metric that this pack is searched with; None where none was ever activated."""
    mine = select(LearnedMetric.version).where(
        LearnedMetric.pack == pack.name, LearnedMetric.pack_version == pack.version, LearnedMetric.state == "active"
    )
    return session.scalar(mine.order_by(LearnedMetric.activated_at.desc()).limit(1))
