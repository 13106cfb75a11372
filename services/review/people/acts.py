"""What is done to accounts: officers are added, disabled, admitted again, given a new password."""

import unicodedata
from collections.abc import Sequence

from flask_babel import gettext
from marshmallow import ValidationError

from services.review import audit
from services.review.acting import about, allow
from services.review.people import passwords, sessions, store
from services.review.people.models import Officer
from services.review.people.rules import NO_PLACE, ROLES, Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

LONGEST_NAME = 64


@about("person", "person.add")
def add(
    work: Work, tools: Tools, actor: Actor, _new: str, name: str, password: str, roles: Sequence[str],
    regions: Sequence[str],
) -> str:  # fmt: skip
    """An administrator adds an officer; answers the id. Call this through `acting.perform`."""
    allow(actor, "people.write", None)
    return add_officer(work, tools, actor.id, name, password, roles, regions)


@about("person", "person.disable")
def disable(work: Work, tools: Tools, actor: Actor, officer_id: str) -> None:
    """An administrator bars an officer, whose log-ins end at once. Not oneself. Through `acting.perform`."""
    allow(actor, "people.write", None)
    if officer_id == actor.id:
        raise NotAllowed("own_account", "somebody else has to disable an account")
    disable_officer(work, tools, actor.id, officer_id)


@about("person", "person.admit")
def admit(work: Work, tools: Tools, actor: Actor, officer_id: str) -> None:
    """An administrator lets a disabled officer in again. Through `acting.perform`."""
    allow(actor, "people.write", None)
    store.get(work.session, officer_id).disabled = False
    audit.record(work, tools, actor.id, "person.admit", Subject("person", officer_id))


def add_officer(
    work: Work, tools: Tools, actor_id: str, name: str, password: str, roles: Sequence[str], regions: Sequence[str]
) -> str:
    """Adds an officer on the authority of `actor_id` (the operator's is `acting.SYSTEM`); answers the id.

    Raises ValidationError saying what is wrong with which field.
    """
    name = tidy(name)
    faults = {
        "name": _name_faults(work, name),
        "password": password_faults(password, name),
        "roles": _role_faults(roles),
        "regions": _region_faults(tools, roles, regions),
    }
    if any(faults.values()):
        raise ValidationError({field: found for field, found in faults.items() if found})
    officer = Officer(
        id=random_id(), name=name, password=passwords.hash_of(password), roles=sorted(set(roles)),
        regions=sorted(set(regions)), disabled=False, added_at=work.now,
    )  # fmt: skip
    work.session.add(officer)
    work.session.flush()
    text = f"{name}: {', '.join(officer.roles)} in {', '.join(officer.regions) or 'no region'}"
    audit.record(work, tools, actor_id, "person.add", Subject("person", officer.id), text)
    return officer.id


def disable_officer(work: Work, tools: Tools, actor_id: str, officer_id: str) -> None:
    """Bars an officer and ends every log-in. Raises NotAllowed("not_found")."""
    store.get(work.session, officer_id).disabled = True
    sessions.end_all(work.session, officer_id)
    audit.record(work, tools, actor_id, "person.disable", Subject("person", officer_id))


def set_password(work: Work, tools: Tools, actor_id: str, officer_id: str, password: str) -> None:
    """A new password; every log-in with the old one ends. Raises NotAllowed("not_found"), ValidationError."""
    officer = store.get(work.session, officer_id)
    if found := password_faults(password, officer.name):
        raise ValidationError({"password": found})
    officer.password = passwords.hash_of(password)
    sessions.end_all(work.session, officer_id)
    audit.record(work, tools, actor_id, "person.password", Subject("person", officer_id))


def tidy(name: str) -> str:
    """A name as it is kept and compared: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def is_name(name: str) -> bool:
    """Whether a tidy name can be anybody's."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()


def password_faults(password: str, name: str) -> list[str]:
    """What is wrong with a password: too short, too long, or the officer's own name."""
    if len(password) < passwords.SHORTEST:
        least = passwords.SHORTEST
        return [gettext("A password has at least %(least)s characters. A short sentence is a good one.", least=least)]
    if len(password) > passwords.LONGEST:
        return [gettext("A password has at most %(most)s characters.", most=passwords.LONGEST)]
    if len(set(password)) < 5 or not password.casefold().replace(name.casefold() or "\0", "").strip():
        return [gettext("This password is too easy to guess. A short sentence is a good one.")]
    return []


def _name_faults(work: Work, name: str) -> list[str]:
    if not is_name(name):
        return [gettext("A name has 1 to %(most)s letters or other signs that can be read.", most=LONGEST_NAME)]
    return [gettext("There is already somebody of this name.")] if store.by_name(work.session, name) else []


def _role_faults(roles: Sequence[str]) -> list[str]:
    unknown = sorted(set(roles) - ROLES.keys())
    if unknown:
        return [
            gettext("There is no role %(unknown)s. The roles are %(all)s.", unknown=unknown[0], all=", ".join(ROLES))
        ]
    return [] if roles else [gettext("An officer needs at least one role.")]


def _region_faults(tools: Tools, roles: Sequence[str], regions: Sequence[str]) -> list[str]:
    unknown = sorted(code for code in set(regions) if not tools.regions.known(code))
    if unknown:
        return [gettext("There is no region %(code)s. Give ISO 3166 codes such as FR or FR-IDF.", code=unknown[0])]
    if not regions and any(not ROLES[role] <= NO_PLACE for role in roles if role in ROLES):
        return [gettext("This role needs at least one region, such as FR or FR-IDF.")]
    return []
