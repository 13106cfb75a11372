"""Each new case is compared with those that it shares a trace with: the worker does it soon after the report came.

What was said of a child is sealed, so no query finds a name or a day. A case is found by its traces (likeness.py), each
hashed under a key that only this room can make: equal ones can be told, and nothing else.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.cases import likeness, pairs, store
from services.review.cases.duplicate_models import CaseTrace
from services.review.cases.likeness import Told
from services.review.cases.models import Case
from services.review.cases.schemas import Details
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import RoomKeys

EVERY_S = 2.0
AT_ONCE = 20
MOST = 300
"""Cases that one is compared with at most, the newest of those that share a trace with it."""


def told(details: Details) -> Told:
    """What of a report is compared."""
    child, seen = details.child, details.last_seen
    return Told(child.name, child.born, child.sex, seen.at, seen.lat, seen.lon)


def expose(work: Work, tools: Tools, case: Case, details: Details) -> None:
    """Notes what a case is found by, and has it compared. Call it whenever its details were written anew."""
    work.session.execute(delete(CaseTrace).where(CaseTrace.case_id == case.id))
    found = _hashed(tools.room.keys, likeness.traces(told(details)))
    work.session.add_all(CaseTrace(case_id=case.id, trace=trace) for trace in sorted(found))
    case.compared_at = None


def compare_new(tools: Tools) -> None:
    """Compares the next few cases that were not yet, the oldest first, each in a transaction of its own.

    One from before there were traces gets them first and is compared in the next turn: of two cases, the one that is
    compared last then surely finds the other.
    """
    session = tools.room.bus.db.session()
    waiting = select(Case.id).where(Case.compared_at.is_(None), Case.content_key.is_not(None))
    ids = session.scalars(waiting.order_by(Case.opened_at, Case.id).limit(AT_ONCE)).all()
    session.rollback()
    for case_id in ids:
        with tools.room.bus.work() as work:
            _compare(work, tools, store.locked(work.session, case_id))


def _compare(work: Work, tools: Tools, case: Case) -> None:
    details = store.opened(tools, case)
    if details is None or case.compared_at is not None:
        return
    if work.session.scalar(select(CaseTrace.case_id).where(CaseTrace.case_id == case.id).limit(1)) is None:
        expose(work, tools, case, details)
        return
    mine = told(details)
    for other in _near(work.session, tools.room.keys, case, mine):
        its = store.opened(tools, other)
        if its is not None:
            _note(work, case.id, other.id, likeness.compare(mine, told(its)))
    case.compared_at = work.now


def _near(session: Session, keys: RoomKeys, case: Case, mine: Told) -> Iterable[Case]:
    sharing = select(CaseTrace.case_id).where(CaseTrace.trace.in_(_hashed(keys, likeness.looked_for(mine))))
    query = select(Case).where(Case.id.in_(sharing), Case.id != case.id, Case.content_key.is_not(None))
    return session.scalars(query.order_by(Case.opened_at.desc(), Case.id).limit(MOST)).all()


def _note(work: Work, one: str, other: str, found: likeness.Likeness) -> None:
    known = pairs.get(work.session, one, other)
    if found.likely:
        pairs.kept(work, one, other).points = found.points
    elif known is not None:
        known.points = None


def _hashed(keys: RoomKeys, traces: Iterable[str]) -> set[str]:
    """Each trace under a key made of the room's own: 32 hexadecimal digits."""
    secret = keys.derived("case traces")
    return {hashlib.blake2b(trace.encode(), key=secret, digest_size=16).hexdigest() for trace in traces}
