"""What an account is called and may hold, and what is wrong with what was typed for it."""

import unicodedata
from collections.abc import Iterable, Sequence

from flask_babel import gettext

from services.review.people import store
from services.review.people.rules import NO_PLACE, ROLES, Rights, apart
from services.review.tools import Tools
from shared.bus import Work

LONGEST_NAME = 64


def tidy(name: str) -> str:
    """A name as it is kept and compared: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def is_name(name: str) -> bool:
    """Whether a tidy name can be anybody's."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()


def rights(roles: Iterable[str], regions: Iterable[str]) -> Rights:
    return Rights(frozenset(roles), frozenset(regions))


def name_faults(work: Work, name: str) -> list[str]:
    if not is_name(name):
        return [gettext("A name has 1 to %(most)s letters or other signs that can be read.", most=LONGEST_NAME)]
    return [gettext("There is already somebody of this name.")] if store.by_name(work.session, name) else []


def rights_faults(tools: Tools, roles: Sequence[str], regions: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong with `roles` and with `regions`; nothing where both can be held together."""
    found = {"roles": _role_faults(roles), "regions": _region_faults(tools, roles, regions)}
    return {field: faults for field, faults in found.items() if faults}


def _role_faults(roles: Sequence[str]) -> list[str]:
    unknown = sorted(set(roles) - ROLES.keys())
    if unknown:
        return [
            gettext("There is no role %(unknown)s. The roles are %(all)s.", unknown=unknown[0], all=", ".join(ROLES))
        ]
    if not apart(roles):
        return [gettext("Who audits or administers reads no case: these roles stand alone.")]
    return [] if roles else [gettext("An officer needs at least one role.")]


def _region_faults(tools: Tools, roles: Sequence[str], regions: Sequence[str]) -> list[str]:
    unknown = sorted(code for code in set(regions) if not tools.regions.known(code))
    if unknown:
        return [gettext("There is no region %(code)s. Give ISO 3166 codes such as FR or FR-IDF.", code=unknown[0])]
    if not regions and any(not ROLES[role] <= NO_PLACE for role in roles if role in ROLES):
        return [gettext("This role needs at least one region, such as FR or FR-IDF.")]
    return []
