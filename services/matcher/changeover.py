"""The change from one pack to another, as rows: which serves, which is coming, what is missing, what is left over.

See docs/decisions/0029. Nothing of it is in memory alone: any worker may stop anywhere, and any other goes on.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.matcher.models import Answered, PackInUse, Template
from shared.bus import Work
from shared.keys import random_id
from shared.messages import PackChanged, PackId

log = logging.getLogger("homeward.packs")

SERVING, COMING = "serving", "coming"
KEPT_AFTER_SWITCH = timedelta(minutes=10)
"""How long templates outlive their pack's service: every search that was begun with it has ended by then."""
AT_A_TIME = 1000
ENOUGH = 0.5
"""A pack under which fewer of the cases than this share can be found is broken: it is not switched to."""


@dataclass(frozen=True)
class Roles:
    """Searches use `serving` since then; every enrolment is done under `coming` too. `rounds`: of each of `all`."""

    serving: PackId
    since: datetime
    coming: PackId | None
    rounds: tuple[str, ...]

    @property
    def all(self) -> tuple[PackId, ...]:
        return (self.serving, self.coming) if self.coming else (self.serving,)


def roles(session: Session, *, held: bool = False) -> Roles | None:
    """Which packs are in use; None before any worker declared its pack. `held`: they stay so until the transaction
    ends."""
    query = select(PackInUse).order_by(PackInUse.role.desc()).execution_options(populate_existing=True)
    found = {row.role: row for row in session.scalars(query.with_for_update(read=True) if held else query)}
    if SERVING not in found:
        return None
    coming = _id(found[COMING]) if COMING in found else None
    rounds = tuple(found[role].round_id for role in (SERVING, COMING) if role in found)
    return Roles(_id(found[SERVING]), found[SERVING].since, coming, rounds)


def declare(work: Work, pack: PackId) -> None:
    """A worker starts with this pack. If another serves, it is coming, and review asks for every enrolment again."""
    begun = _begin(work, pack)
    serving, coming = _held(work.session)
    wanted = coming or serving
    if _id(wanted) == pack:
        if begun and _elsewhere(work.session, pack):
            work.publish(PackChanged(pack, wanted.round_id))
        return
    if coming is not None:
        _drop(work.session, coming)
    log.info("the pack %s serves; every case is to be enrolled under %s", _id(serving), pack)
    if _id(serving) == pack:
        work.publish(PackChanged(pack, serving.round_id))
        return
    coming = PackInUse(role=COMING, pack=pack.name, pack_version=pack.version, round_id=random_id(), since=work.now)
    work.session.add(coming)
    work.publish(PackChanged(pack, coming.round_id))


def note_answer(session: Session, case_key: str, pack: PackId) -> None:
    """The case's enrolment under this pack was answered, whatever the answer."""
    _insert(session, Answered, case_key=case_key, pack=pack.name, pack_version=pack.version)


def all_answered(session: Session) -> bool:
    """Whether a pack is coming and every case was answered under it. Only reads."""
    now = roles(session)
    return now is not None and now.coming is not None and not _any_unanswered(session, now)


@dataclass(frozen=True)
class Standing:
    """How the change stands: cases that `serving` finds, that `coming` finds, and that have no answer under it yet."""

    roles: Roles
    before: int
    after: int
    missing: int

    @property
    def too_few(self) -> bool:
        """Every case was answered, and the coming pack finds so few that it is not switched to."""
        return self.missing == 0 and self.after < ENOUGH * self.before

    @property
    def complete(self) -> bool:
        return self.missing == 0 and not self.too_few

    @property
    def why_not(self) -> str:
        """Why it was not switched to, and what to do."""
        serving, coming = self.roles.all
        return (f"Only {self.after} of {self.before} cases can be found by {coming}, so searches stay with {serving}; "
                f"set HOMEWARD_MODEL_PACK to {serving.name} or to another pack.")  # fmt: skip


def standing(session: Session) -> Standing | None:
    """None while no pack is coming. Only reads."""
    now = roles(session)
    return _standing(session, now) if now and now.coming else None


def switch(work: Work) -> bool:
    """Has searches use the coming pack from now on, if every case was answered under it. Whether that happened."""
    serving, coming = _held(work.session)
    now = standing(work.session)
    if coming is None or now is None or not now.complete:
        return False
    work.session.execute(delete(Answered).where(_of(Answered, _id(serving))))
    serving.pack, serving.pack_version, serving.round_id = coming.pack, coming.pack_version, coming.round_id
    serving.since = work.now
    work.session.delete(coming)
    log.info("searches use the pack %s from now on", _id(serving))
    return True


def erase_some(work: Work) -> int:
    """Erases some of the templates whose pack is no longer in use; returns how many."""
    now = roles(work.session, held=True)
    if now is None or now.since > work.now - KEPT_AFTER_SWITCH:
        return 0
    used = or_(*(_of(Template, pack) for pack in now.all))
    some = work.session.scalars(select(Template.id).where(~used).limit(AT_A_TIME)).all()
    if some:
        work.session.execute(delete(Template).where(Template.id.in_(some)))
    return len(some)


# ---- rows -----------------------------------------------------------------------------------------------------


def _begin(work: Work, pack: PackId) -> bool:
    """The first worker ever: what most cases are enrolled under serves, else its own pack. Whether it is the first."""
    if roles(work.session) is not None:
        return False
    cases = func.count(Template.case_key.distinct())
    most = select(Template.pack, Template.pack_version).group_by(Template.pack, Template.pack_version)
    found = work.session.execute(most.order_by(cases.desc()).limit(1)).one_or_none()
    name, version = found or (pack.name, pack.version)
    row = {"pack": name, "pack_version": version, "round_id": random_id(), "since": work.now}
    _insert(work.session, PackInUse, role=SERVING, **row)
    return True


def _held(session: Session) -> tuple[PackInUse, PackInUse | None]:
    """The two rows, which nobody else changes or goes by before this transaction ends."""
    query = select(PackInUse).order_by(PackInUse.role.desc()).with_for_update()
    rows = {row.role: row for row in session.scalars(query.execution_options(populate_existing=True))}
    return rows[SERVING], rows.get(COMING)


def _drop(session: Session, coming: PackInUse) -> None:
    session.execute(delete(Answered).where(_of(Answered, _id(coming))))
    session.delete(coming)
    session.flush()


def _insert(session: Session, table: Any, **values: object) -> None:
    """Unless it is there: two workers may write the same."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


def _id(row: PackInUse) -> PackId:
    return PackId(row.pack, row.pack_version)


def _of(table: type[Template] | type[Answered], pack: PackId) -> ColumnElement[bool]:
    return and_(table.pack == pack.name, table.pack_version == pack.version)


def _elsewhere(session: Session, pack: PackId) -> bool:
    """Whether a case is enrolled under other packs only."""
    mine = exists().where(Answered.case_key == Template.case_key, _of(Answered, pack))
    return session.execute(select(Template.case_key).where(~mine).limit(1)).first() is not None


def _standing(session: Session, now: Roles) -> Standing:
    cases = select(func.count(Template.case_key.distinct()))
    of_serving, of_coming = (cases.where(_of(Template, pack)) for pack in now.all)
    counts = (session.scalar(each) or 0 for each in (of_serving, of_coming, cases.where(_unanswered(now))))
    return Standing(now, *counts)


def _any_unanswered(session: Session, now: Roles) -> bool:
    return session.execute(select(Template.case_key).where(_unanswered(now)).limit(1)).first() is not None


def _unanswered(now: Roles) -> ColumnElement[bool]:
    answered = exists().where(Answered.case_key == Template.case_key, _of(Answered, now.all[-1]))
    return and_(_of(Template, now.serving), ~answered)
