"""What is done to accounts by administrators, and by the operator: officers are invited, barred, and given rights."""

from collections.abc import Sequence

from marshmallow import ValidationError

from services.review import audit
from services.review.acting import about, allow
from services.review.people import factors, grants, invitations, passwords, sessions, store, tokens
from services.review.people.models import Officer
from services.review.people.names import name_faults, rights, rights_faults, tidy
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id


@about("person", "person.invite")
def invite(
    work: Work, tools: Tools, actor: Actor, _new: str, name: str, roles: Sequence[str], regions: Sequence[str]
) -> tuple[str, str]:
    """An administrator invites somebody new; answers the officer's id and the invitation's code, which is shown once.

    Call this through `acting.perform`. Raises ValidationError saying what is wrong with which field.
    """
    allow(actor, "people.write", None)
    return invite_officer(work, tools, actor.id, name, roles, regions)


@about("person", "person.invite")
def invite_again(work: Work, tools: Tools, actor: Actor, officer_id: str) -> str:
    """A new code for somebody who never came in, or lost password or devices. Not oneself."""
    officer = _other(work, actor, officer_id)
    if officer.disabled:
        raise NotAllowed("disabled_account", "admit the officer first")
    code = invitations.make(work.session, officer.id, actor.id, work.now)
    audit.record(work, tools, actor.id, "person.invite", Subject("person", officer.id))
    return code


@about("person", "role.change")
def change_rights(
    work: Work, tools: Tools, actor: Actor, officer_id: str, roles: Sequence[str], regions: Sequence[str]
) -> bool:
    """An administrator changes what somebody else may do; whether all of it holds now, or waits for another granter."""
    officer = _other(work, actor, officer_id)
    if faults := rights_faults(tools, roles, regions):
        raise ValidationError(faults)
    wanted = rights(roles, regions)
    given = grants.settle(work, tools, officer, wanted, actor.id)
    if given:
        audit.record(work, tools, actor.id, "role.change", Subject("person", officer.id), grants.told(wanted))
    return given


@about("person", "person.disable")
def disable(work: Work, tools: Tools, actor: Actor, officer_id: str) -> None:
    """An administrator bars an officer, whose log-ins and tokens end at once. Not oneself."""
    _other(work, actor, officer_id)
    disable_officer(work, tools, actor.id, officer_id)


@about("person", "person.admit")
def admit(work: Work, tools: Tools, actor: Actor, officer_id: str) -> None:
    """An administrator lets a disabled officer in again, not oneself; the way in is as it was."""
    _other(work, actor, officer_id).disabled = False
    audit.record(work, tools, actor.id, "person.admit", Subject("person", officer_id))


@about("person", "session.end_all")
def log_out_everywhere(work: Work, tools: Tools, actor: Actor, officer_id: str) -> None:
    """An administrator ends every log-in of somebody, say of a lost computer."""
    officer = _other(work, actor, officer_id)
    sessions.end_all(work.session, officer.id)
    audit.record(work, tools, actor.id, "session.end_all", Subject("person", officer.id))


def _other(work: Work, actor: Actor, officer_id: str) -> Officer:
    allow(actor, "people.write", None)
    if officer_id == actor.id:
        raise NotAllowed("own_account", "somebody else has to do this")
    return store.locked(work.session, officer_id)


def invite_officer(
    work: Work, tools: Tools, actor_id: str, name: str, roles: Sequence[str], regions: Sequence[str]
) -> tuple[str, str]:
    """An account that nobody can enter yet but by the code: (id, code). Raises ValidationError."""
    officer = _new(work, tools, actor_id, name, "", roles, regions, {})
    return officer.id, invitations.make(work.session, officer.id, actor_id, work.now)


def add_officer(
    work: Work, tools: Tools, actor_id: str, name: str, password: str, roles: Sequence[str], regions: Sequence[str]
) -> str:
    """The operator adds an officer with a password; answers the id. Raises ValidationError by field."""
    faults = {"password": passwords.faults(password, [tidy(name)])}
    return str(_new(work, tools, actor_id, name, password, roles, regions, faults).id)


def _new(
    work: Work, tools: Tools, actor_id: str, name: str, password: str, roles: Sequence[str], regions: Sequence[str],
    faults: dict[str, list[str]],
) -> Officer:  # fmt: skip
    name = tidy(name)
    faults |= {"name": name_faults(work, name)} | rights_faults(tools, roles, regions)
    if any(faults.values()):
        raise ValidationError({field: found for field, found in faults.items() if found})
    officer = Officer(
        id=random_id(), name=name, password=passwords.hash_of(password) if password else "", roles=[], regions=[],
        disabled=False, added_at=work.now,
    )  # fmt: skip
    work.session.add(officer)
    work.session.flush()
    wanted = rights(roles, regions)
    audit.record(work, tools, actor_id, "person.add", Subject("person", officer.id), f"{name}: {grants.told(wanted)}")
    grants.settle(work, tools, officer, wanted, actor_id)
    return officer


def disable_officer(work: Work, tools: Tools, actor_id: str, officer_id: str) -> None:
    """Bars an officer and ends every way in. Raises NotAllowed("not_found")."""
    store.get(work.session, officer_id).disabled = True
    sessions.end_all(work.session, officer_id)
    tokens.end_all(work.session, officer_id)
    invitations.withdraw(work.session, officer_id)
    grants.withdraw(work.session, officer_id)
    audit.record(work, tools, actor_id, "person.disable", Subject("person", officer_id))


def come_in(
    work: Work, tools: Tools, officer: Officer, made_by: str, *, password: str = "", agency: str | None = None
) -> None:
    """An invitation is accepted: the account has this way in and no other (`password` is a hash). Whoever decides or
    grants is confirmed anew, because the code went through one granter's hands alone."""
    anew = store.is_in(officer)
    officer.password, officer.agency = password, agency
    factors.forget_all(work.session, officer.id)
    sessions.end_all(work.session, officer.id)
    tokens.end_all(work.session, officer.id)
    invitations.withdraw(work.session, officer.id)
    audit.record(work, tools, officer.id, "person.accept", Subject("person", officer.id))
    held = rights(officer.roles, officer.regions)
    if anew and held.by_two:
        officer.roles, officer.regions = [], []
        grants.settle(work, tools, officer, held, made_by)
