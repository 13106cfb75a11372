"""What may be done to a case, the verification checklist, and when the privacy gate may enrol its photos. Pure."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Literal

from shared.errors import NotAllowed
from shared.messages import CaseStatus

State = Literal[
    "submitted", "in_verification", "returned", "registered", "rejected", "merged", "withdrawn", "closed", "erased"
]
Act = Literal["start", "register", "return", "reject", "merge", "unmerge", "close", "reopen", "withdraw", "erase"]
CloseReason = Literal["located", "withdrawn", "mistaken"]

ADULT = 18
KEPT_AFTER_CLOSING = timedelta(days=30)
"""How long an ended case can be reopened; its content key is destroyed afterwards, unless the law holds it."""

UNMERGED_WITHIN = timedelta(days=30)

TABLE: dict[State, dict[Act, State]] = {
    "submitted": {"start": "in_verification", "withdraw": "withdrawn"},
    "in_verification": {
        "register": "registered",
        "return": "returned",
        "reject": "rejected",
        "merge": "merged",
        "withdraw": "withdrawn",
    },
    "returned": {"start": "in_verification", "withdraw": "withdrawn"},
    "registered": {"close": "closed", "merge": "merged", "withdraw": "closed"},
    "closed": {"reopen": "registered", "erase": "erased"},
    "withdrawn": {"reopen": "in_verification", "erase": "erased"},
    "rejected": {"reopen": "in_verification", "erase": "erased"},
    "merged": {"unmerge": "in_verification", "withdraw": "withdrawn", "erase": "erased"},
    "erased": {},
}
"""A merge that is undone leads back to the state before it (merging.py): to a registered case where it was one."""

FAMILY_STATUS: dict[State, CaseStatus] = {
    "submitted": "received",
    "in_verification": "in_verification",
    "returned": "returned",
    "registered": "registered",
    "rejected": "ended",
    "merged": "ended",
    "withdrawn": "ended",
    "closed": "ended",
    "erased": "ended",
}

OPEN: frozenset[State] = frozenset({"submitted", "in_verification", "returned", "registered"})
ENDED: frozenset[State] = frozenset(TABLE) - OPEN
"""A case that has ended: its photos are locked. A merged one's are as long as those of the case that it is part of."""

CLOSE_REASONS: tuple[CloseReason, ...] = ("located", "withdrawn", "mistaken")


def next_state(state: State, act: Act) -> State:
    """The state after `act`. Raises NotAllowed("wrong_state")."""
    try:
        return TABLE[state][act]
    except KeyError:
        raise NotAllowed("wrong_state", f"{act} is not possible on a case that is {state}") from None


def acts(state: State) -> tuple[Act, ...]:
    """What can be done next, in the table's order."""
    return tuple(TABLE[state])


@dataclass(frozen=True)
class Checks:
    """The verification checklist. `legal_basis` and `police_reference` are an officer's words."""

    police_reference: str = ""
    relation_verified: bool = False
    identity_verified: bool = False
    custody_checked: bool = False
    protection_orders_checked: bool = False
    care_status_checked: bool = False
    legal_basis: str = ""


CHECKLIST: tuple[str, ...] = tuple(item.name for item in fields(Checks))


def changed(before: Checks, after: Checks) -> list[str]:
    """What was changed, for the record: `custody_checked: yes`, or only the name of an officer's words."""
    differ = [name for name in CHECKLIST if getattr(before, name) != getattr(after, name)]
    answers = {True: ": yes", False: ": no"}
    return [name + answers.get(getattr(after, name), "") for name in differ]


@dataclass(frozen=True)
class CaseFacts:
    """What the gate must know of a case. `registered_by` is the officer who registered it, within jurisdiction."""

    state: State
    registered_by: str | None
    born: date
    last_seen_on: date
    checks: Checks


Reason = Literal[
    "not_registered",
    "closed",
    "not_a_minor",
    "born_after_last_seen",
    "police_reference_missing",
    "relation_unverified",
    "identity_unverified",
    "custody_unchecked",
    "protection_orders_unchecked",
    "care_status_unchecked",
    "legal_basis_missing",
]

_CHECK_REASONS: tuple[tuple[str, Reason], ...] = (
    ("police_reference", "police_reference_missing"),
    ("relation_verified", "relation_unverified"),
    ("identity_verified", "identity_unverified"),
    ("custody_checked", "custody_unchecked"),
    ("protection_orders_checked", "protection_orders_unchecked"),
    ("care_status_checked", "care_status_unchecked"),
    ("legal_basis", "legal_basis_missing"),
)


def age_on(born: date, day: date) -> int:
    """Whole years of age on `day`; born on 29 February, the birthday is 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def may_enrol(facts: CaseFacts) -> list[Reason]:
    """Why this case's photos may not be enrolled; empty when they may.

    All together: an officer with jurisdiction registered the case; the child was under 18 when last seen; a police
    reference is on file; the reporter's relation and identity were verified; custody, protection orders and care
    status were checked; a legal basis is recorded; the case is not closed.
    """
    reasons: list[Reason] = []
    if facts.state in ENDED:
        reasons.append("closed")
    elif facts.state != "registered" or not facts.registered_by:
        reasons.append("not_registered")
    if facts.born > facts.last_seen_on:
        reasons.append("born_after_last_seen")
    elif age_on(facts.born, facts.last_seen_on) >= ADULT:
        reasons.append("not_a_minor")
    return reasons + [why for name, why in _CHECK_REASONS if not _filled(getattr(facts.checks, name))]


def may_register(facts: CaseFacts, officer: str) -> list[Reason]:
    """What would keep this case from being enrolled if `officer` registered it now."""
    return may_enrol(replace(facts, state="registered", registered_by=officer))


def age_at_photo(born: date, taken: date | None, told: float | None) -> float | None:
    """Years of age in a photo: as the family told, else counted from the day it was taken; None if neither."""
    if told is not None or taken is None:
        return told
    return max(0.0, float(age_on(born, taken)))


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is True


def may_reopen(closed_at: datetime, now: datetime) -> None:
    """Raises NotAllowed("too_late") once an ended case's time for reopening is over."""
    if now - closed_at > KEPT_AFTER_CLOSING:
        raise NotAllowed("too_late", "a case can be reopened within 30 days of its closing")


def may_unmerge(merged_at: datetime, now: datetime, *, kept_ended: bool) -> None:
    """Raises NotAllowed("merged_too_long") once a merge cannot be undone: after 30 days, unless the kept case has ended
    and the family that was merged into it still seeks its child."""
    if now - merged_at > UNMERGED_WITHIN and not kept_ended:
        raise NotAllowed("merged_too_long", "a merge can be undone within 30 days")


def close_reason(reason: str) -> CloseReason:
    """`reason` if it is one of the three. Raises NotAllowed("unknown_reason")."""
    for known in CLOSE_REASONS:
        if reason == known:
            return known
    raise NotAllowed("unknown_reason", f"{reason!r} is not a reason for closing a case")
