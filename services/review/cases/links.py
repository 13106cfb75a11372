"""Which case another was merged into. A merge is a link, and this follows it either way."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases.models import Case


def head(session: Session, case: Case) -> Case:
    """The case that a merged one is part of in the end; any other is its own."""
    return list(wholes(session, case))[-1]


def wholes(session: Session, case: Case) -> Iterator[Case]:
    """The case, what it was merged into, and what that was, up to its head."""
    yield case
    while case.merged_into is not None and (kept := session.get(Case, case.merged_into)) is not None:
        yield (case := kept)


def parts(session: Session, case: Case) -> Iterator[Case]:
    """The cases that were merged into this one, and into those."""
    for part in session.scalars(select(Case).where(Case.merged_into == case.id).order_by(Case.merged_at)).all():
        yield part
        yield from parts(session, part)
