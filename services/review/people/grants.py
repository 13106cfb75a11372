"""Rights are granted by one, by two where somebody is to decide or grant. Call `confirm` and `refuse` by `perform`."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review import audit
from services.review.acting import about
from services.review.people import store
from services.review.people.models import Grant, Officer
from services.review.people.names import rights
from services.review.people.rules import Actor, Rights, held_meanwhile, may_confirm, needs_second, require
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

OPERATOR = "operator"


def settle(work: Work, tools: Tools, officer: Officer, wanted: Rights, asked_by: str) -> bool:
    """Gives `officer` the rights that `asked_by` alone can give, and lets the rest wait; whether all is given."""
    withdraw(work.session, officer.id)
    before = rights(officer.roles, officer.regions)
    if not needs_second(before, wanted) or _operator_alone(work, tools, officer, asked_by):
        _give(officer, wanted)
        return True
    _give(officer, held_meanwhile(before, wanted))
    work.session.add(
        Grant(
            id=random_id(), officer_id=officer.id, roles=sorted(wanted.roles), regions=sorted(wanted.regions),
            asked_by=asked_by, asked_at=work.now,
        )
    )  # fmt: skip
    audit.record(work, tools, asked_by, "role.ask", Subject("person", officer.id), told(wanted))
    return False


def _operator_alone(work: Work, tools: Tools, officer: Officer, asked_by: str) -> bool:
    """The first people of a desk come from its operator, as do all of an exercise's: nobody is there to confirm."""
    if asked_by != OPERATOR:
        return False
    return tools.room.settings.exercise or not any(row.id != officer.id for row in store.granters(work.session))


def _give(officer: Officer, given: Rights) -> None:
    officer.roles, officer.regions = sorted(given.roles), sorted(given.regions)


def waiting(session: Session) -> Sequence[Grant]:
    """What waits for a second granter, oldest first."""
    return session.scalars(select(Grant).order_by(Grant.asked_at)).all()


def withdraw(session: Session, officer_id: str) -> None:
    session.execute(delete(Grant).where(Grant.officer_id == officer_id))


@about("person", "role.confirm")
def confirm(work: Work, tools: Tools, actor: Actor, officer_id: str, grant_id: str) -> None:
    """The second granter's word: the rights are held from now on. `grant_id` is what the actor read.

    Raises NotAllowed("own_grant", "not_in_yet", "changed_meanwhile").
    """
    grant, officer = _locked(work, officer_id, grant_id)
    may_confirm(actor, grant.asked_by, officer.id, grant.regions)
    if not store.is_in(officer):
        raise NotAllowed("not_in_yet", "the person has not accepted the invitation yet")
    given = rights(grant.roles, grant.regions)
    _give(officer, given)
    work.session.delete(grant)
    audit.record(work, tools, actor.id, "role.confirm", Subject("person", officer.id), told(given))


@about("person", "role.refuse")
def refuse(work: Work, tools: Tools, actor: Actor, officer_id: str, grant_id: str, reason: str) -> None:
    """The grant is turned down, or taken back by who asked for it; what is held stays. Raises as `confirm`."""
    grant, officer = _locked(work, officer_id, grant_id)
    if actor.id == grant.asked_by:
        require(actor, "role.confirm", None)
    else:
        may_confirm(actor, grant.asked_by, officer.id, grant.regions)
    if not reason.strip():
        raise NotAllowed("reason_missing", "a reason is needed")
    work.session.delete(grant)
    audit.record(work, tools, actor.id, "role.refuse", Subject("person", officer.id), reason.strip()[:1000])


def _locked(work: Work, officer_id: str, grant_id: str) -> tuple[Grant, Officer]:
    officer = store.locked(work.session, officer_id)
    grant = work.session.get(Grant, grant_id, with_for_update=True, populate_existing=True)
    if grant is None or grant.officer_id != officer.id:
        raise NotAllowed("changed_meanwhile", "this grant does not wait any more")
    return grant, officer


def told(given: Rights) -> str:
    """Rights for the record."""
    return f"{', '.join(sorted(given.roles)) or 'no role'} in {', '.join(sorted(given.regions)) or 'no region'}"
