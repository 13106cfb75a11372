"""When the matcher changes its model pack, every registered case is enrolled again: a few at a time, from the photos.

Each goes through the gate anew. All there is to know is in the rows, so it goes on wherever it was broken off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from services.review.cases.models import Case, WantedPack
from services.review.tools import Tools
from shared.bus import Work
from shared.messages import EnrolmentAsked, PackId

EVERY_S = 2.0
AT_ONCE = 20
"""Cases that may be on their way at the same time: new registrations and sightings pass between them."""
STALLED_AFTER = timedelta(hours=1)
"""A case unanswered for so long holds up no others: its message is with the dead letters."""
ASKED_AGAIN_AFTER = timedelta(days=1)
MOST_NAMED = 20


@dataclass(frozen=True)
class Progress:
    """How many of the registered cases were answered in the round of the wanted pack.

    `stalled`: the numbers of those that were asked for more than STALLED_AFTER ago, and have no answer.
    """

    pack: PackId
    done: int
    cases: int
    stalled: tuple[str, ...]


def wanted(session: Session) -> str | None:
    """The round in which the matcher wants every case enrolled; None if its pack never changed."""
    row = session.get(WantedPack, 1)
    return row.round_id if row else None


def want(work: Work, pack: PackId, round_id: str) -> None:
    """Notes that the matcher wants this pack from now on."""
    row = _held(work.session) or WantedPack(id=1)
    row.name, row.version, row.round_id, row.since = pack.name, pack.version, round_id, work.now
    work.session.add(row)
    work.session.flush()


def ask(work: Work, case: Case, round_id: str | None) -> None:
    """Asks the gate to have a registered case enrolled; it is noted in which round the answer is expected."""
    case.asked_in, case.asked_at = round_id, work.now
    work.publish(EnrolmentAsked(case.id))


def note_answer(case: Case, round_id: str | None) -> None:
    """Notes in which round the matcher answered. If it was another than was asked for, it will be asked again."""
    case.enrolled_in = round_id or ""
    if case.asked_in != case.enrolled_in:
        case.asked_in = None


def renew(tools: Tools) -> None:
    """Asks for the next few cases, the newest first, while fewer than AT_ONCE are on their way."""
    session, now = tools.room.bus.db.session(), tools.room.clock()
    current = wanted(session)
    waiting = current is not None and session.scalars(_next(current, now).limit(1)).first() is not None
    session.rollback()
    if waiting:
        with tools.room.bus.work() as work:
            _ask_next(work)


def progress(session: Session, now: datetime) -> Progress | None:
    """How far it is; None if the matcher never changed its pack."""
    row = session.get(WantedPack, 1)
    if row is None:
        return None
    counts = select(func.count(), func.count().filter(Case.enrolled_in == row.round_id))
    cases, done = session.execute(counts.where(Case.state == "registered")).one()
    overdue = and_(_unanswered(row.round_id), Case.asked_in == row.round_id, Case.asked_at <= now - STALLED_AFTER)
    stalled = session.scalars(select(Case.number).where(overdue).order_by(Case.number).limit(MOST_NAMED)).all()
    return Progress(PackId(row.name, row.version), done, cases, tuple(stalled))


def _ask_next(work: Work) -> None:
    row = _held(work.session)  # of two workers, one waits here for the other
    if row is None:
        return
    room = AT_ONCE - (work.session.scalar(_on_their_way(row.round_id, work.now)) or 0)
    chosen = work.session.scalars(_next(row.round_id, work.now).limit(max(room, 0))).all()
    mine = select(Case).where(Case.id.in_(chosen), Case.state == "registered").order_by(Case.id).with_for_update()
    for case in work.session.scalars(mine.execution_options(populate_existing=True)).all():
        ask(work, case, row.round_id)


def _held(session: Session) -> WantedPack | None:
    return session.get(WantedPack, 1, with_for_update=True, populate_existing=True)


def _unanswered(round_id: str) -> ColumnElement[bool]:
    return and_(Case.state == "registered", func.coalesce(Case.enrolled_in, "") != round_id)


def _next(round_id: str, now: datetime) -> Select[tuple[str]]:
    """The cases to ask for: those not asked yet before those asked long ago, and the newest first, by the day of the
    report, since the day a child was last seen is sealed."""
    not_asked = or_(func.coalesce(Case.asked_in, "") != round_id, Case.asked_at < now - ASKED_AGAIN_AFTER)
    return (
        select(Case.id)
        .where(_unanswered(round_id), not_asked)
        .order_by(func.coalesce(Case.asked_in, "") == round_id, Case.opened_at.desc(), Case.id)
    )


def _on_their_way(round_id: str, now: datetime) -> Select[tuple[int]]:
    asked = and_(Case.asked_in == round_id, Case.asked_at > now - STALLED_AFTER)
    return select(func.count()).select_from(Case).where(_unanswered(round_id), asked)
