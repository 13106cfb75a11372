"""Who may do what, and where: one table of roles and acts, and jurisdictions as ISO 3166 regions. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import NotAllowed


class FactorNeeded(NotAllowed):
    """The act needs a second factor that was shown in the last ten minutes. Nothing was refused for good."""

    def __init__(self) -> None:
        super().__init__("factor_needed", "show your second factor again")


@dataclass(frozen=True)
class Actor:
    """An officer as the rules see one. `regions` are ISO 3166-1 or -2 codes; a country holds its subdivisions.

    `cases` are ids of cases that a supervisor opened for an hour; `scopes` are those of an API token, None at a
    person's own session; `fresh`: the session's second factor is not older than `FRESH`.
    """

    id: str
    name: str
    roles: frozenset[str]
    regions: tuple[str, ...]
    cases: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    fresh: bool = False


_READS_CASES = frozenset({"case.read", "sighting.read", "candidate.read", "photo.read"})
_INTAKE = _READS_CASES | {"case.start", "case.check", "case.return", "draft.write"}
_REVIEWER = _INTAKE | {
    "case.register",
    "case.reject",
    "case.merge",
    "case.close",
    "case.reopen",
    "case.withdraw",
    "case.transfer",
    "candidate.decide",
    "photo.search",
    "photo.mark",
    "draft.approve",
    "draft.cancel",
    "removal.answer",
}

ROLES: dict[str, frozenset[str]] = {
    "intake_officer": _INTAKE,
    "reviewer": _REVIEWER,
    "supervisor": _REVIEWER
    | {"case.erase", "candidate.settle", "audit.read", "access.grant", "role.confirm", "oncall.keep"},
    "auditor": frozenset({"audit.read"}),
    "administrator": frozenset({"people.read", "people.write", "role.confirm"}),
}

BY_TWO = frozenset({"reviewer", "supervisor", "administrator"})
"""Roles that two must grant: those that decide, and those that grant. Else one administrator could invite a second one,
come in as both, and be both granters."""

APART = frozenset({"auditor", "administrator"})
"""Roles that read no case: nobody has one of them together with another role."""

NO_PLACE = frozenset({"audit.read", "people.read", "people.write", "role.confirm"})
"""Acts that concern no region."""

OWN_PLACE = frozenset({"case.transfer", "access.grant"})
"""Acts that an hour's access to a case does not open."""

DECIDES = frozenset(
    {
        "case.register", "case.reject", "case.merge", "case.close", "case.reopen", "case.withdraw", "case.erase",
        "case.transfer", "candidate.decide", "candidate.settle", "draft.approve", "draft.cancel", "removal.answer",
        "access.grant", "role.confirm", "people.write",
    }
)  # fmt: skip
"""Decisions: a person's, at a session whose second factor is fresh. A token has none of them, whatever its scopes."""

SCOPES: dict[str, frozenset[str]] = {
    "cases.read": _READS_CASES,
    "cases.file": frozenset({"case.start", "case.check", "draft.write"}),
    "record.read": frozenset({"audit.read"}),
}
"""What an API token may be made for; it never has more than its officer."""

READS = _READS_CASES | {"audit.read", "people.read"}
"""Acts that only look, at what is personal: each is in the record once it has been answered."""

FRESH = timedelta(minutes=10)
HOUR = timedelta(hours=1)


def holds(actor: Actor, act: str) -> bool:
    """Whether any of the actor's roles has `act`, wherever; for a token, whether its scopes have it too."""
    if actor.scopes is not None and not any(act in SCOPES.get(scope, frozenset()) for scope in actor.scopes):
        return False
    return any(act in ROLES.get(role, frozenset()) for role in actor.roles)


def covers(regions: Iterable[str], region: str) -> bool:
    """Whether a jurisdiction holds `region`: itself, or the country that it is part of."""
    return any(region == own or region.startswith(f"{own}-") for own in regions)


def may(actor: Actor, act: str, region: str | None, case: str | None = None) -> bool:
    """Whether the actor's roles hold `act` and their jurisdiction holds `region`, or the `case` is open to them.

    A place in no region (at sea) is for supervisors anywhere.
    """
    if not holds(actor, act):
        return False
    if act in NO_PLACE or (case in actor.cases and act not in OWN_PLACE):
        return True
    if region is None:
        return "supervisor" in actor.roles
    return covers(actor.regions, region)


def require(actor: Actor, act: str, region: str | None, case: str | None = None) -> None:
    """Raises NotAllowed("not_permitted", "person_needed") unless the actor may, FactorNeeded where that is stale."""
    if actor.scopes is not None and act in DECIDES:
        raise NotAllowed("person_needed", "a token reads and files; a person decides")
    if not may(actor, act, region, case):
        raise NotAllowed("not_permitted", f"{act} in {region or 'no region'}")
    if act in DECIDES and not actor.fresh:
        raise FactorNeeded


def is_fresh(shown_at: datetime | None, now: datetime) -> bool:
    """Whether a second factor that was shown then still stands behind a decision."""
    return shown_at is not None and now - shown_at <= FRESH


def apart(roles: Iterable[str]) -> bool:
    """Whether these roles may be one person's: who audits or administers does nothing else."""
    given = frozenset(roles)
    return len(given) < 2 or not given & APART


@dataclass(frozen=True)
class Rights:
    """Roles and the regions they are held in."""

    roles: frozenset[str]
    regions: frozenset[str]

    @property
    def by_two(self) -> bool:
        """Whether two must have granted them."""
        return bool(self.roles & BY_TWO)


def needs_second(before: Rights, after: Rights) -> bool:
    """Whether another granter must confirm the change: it makes somebody decide or grant, or decide in more places."""
    if not after.by_two:
        return False
    wider = any(not covers(before.regions, region) for region in after.regions)
    return bool((after.roles - before.roles) & BY_TWO) or wider


def held_meanwhile(before: Rights, after: Rights) -> Rights:
    """What somebody holds until the second granter has confirmed: what two had granted before, or what needs one."""
    if before.by_two:
        return before
    return Rights(after.roles - BY_TWO, after.regions)


def may_confirm(actor: Actor, asked_by: str, officer_id: str, regions: Sequence[str]) -> None:
    """Raises NotAllowed("own_grant", "not_permitted"): the second granter is neither the first nor the person."""
    require(actor, "role.confirm", None)
    if actor.id in (asked_by, officer_id):
        raise NotAllowed("own_grant", "somebody else has to confirm this")
    if "administrator" not in actor.roles and not all(covers(actor.regions, region) for region in regions):
        raise NotAllowed("not_permitted", f"role.confirm in {', '.join(regions)}")
