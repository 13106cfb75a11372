"""Who may do what, and where: one table of roles and acts, and jurisdictions as ISO 3166 regions. Pure."""

from dataclasses import dataclass

from shared.errors import NotAllowed


@dataclass(frozen=True)
class Actor:
    """An officer as the rules see one. `regions` are ISO 3166-1 or -2 codes; a country holds its subdivisions."""

    id: str
    name: str
    roles: frozenset[str]
    regions: tuple[str, ...]


_READS_CASES = {"case.read", "sighting.read", "candidate.read", "photo.read"}
_INTAKE = _READS_CASES | {"case.start", "case.check", "case.return", "draft.write"}
_REVIEWER = _INTAKE | {
    "case.register",
    "case.reject",
    "case.close",
    "case.reopen",
    "case.withdraw",
    "candidate.decide",
    "photo.search",
    "photo.mark",
    "draft.approve",
    "draft.cancel",
}

ROLES: dict[str, frozenset[str]] = {
    "intake_officer": frozenset(_INTAKE),
    "reviewer": frozenset(_REVIEWER),
    "supervisor": frozenset(_REVIEWER | {"case.erase", "candidate.settle", "audit.read"}),
    "auditor": frozenset({"audit.read"}),
    "administrator": frozenset({"people.read", "people.write"}),
}

NO_PLACE = frozenset({"audit.read", "people.read", "people.write"})
"""Acts that concern no region."""


def holds(actor: Actor, act: str) -> bool:
    """Whether any of the actor's roles has `act`, wherever."""
    return any(act in ROLES.get(role, frozenset()) for role in actor.roles)


def may(actor: Actor, act: str, region: str | None) -> bool:
    """Whether the actor's roles hold `act` and their jurisdiction holds `region`.

    A place in no region (at sea) is for supervisors anywhere.
    """
    if not holds(actor, act):
        return False
    if act in NO_PLACE:
        return True
    if region is None:
        return "supervisor" in actor.roles
    return any(region == own or region.startswith(f"{own}-") for own in actor.regions)


def require(actor: Actor, act: str, region: str | None) -> None:
    """Raises NotAllowed("not_permitted") unless the actor may."""
    if not may(actor, act, region):
        raise NotAllowed("not_permitted", f"{act} in {region or 'no region'}")
