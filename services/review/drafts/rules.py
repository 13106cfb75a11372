"""What may be done to an alert's version, who may approve it, and what it may say in public. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from shared.errors import NotAllowed
from shared.messages import CapStatus

State = Literal["draft", "pending", "returned", "rejected", "live", "amended", "cancelled", "expired"]
Act = Literal["edit", "submit", "approve", "return", "reject", "amend", "replace", "cancel", "expire"]

TABLE: dict[State, dict[Act, State]] = {
    "draft": {"edit": "draft", "submit": "pending"},
    "pending": {"approve": "live", "return": "returned", "reject": "rejected"},
    "returned": {"edit": "returned", "submit": "pending"},
    "live": {"amend": "live", "replace": "amended", "cancel": "cancelled", "expire": "expired"},
    "rejected": {},
    "amended": {},
    "cancelled": {},
    "expired": {},
}
"""One row of `drafts` is one version of an alert. Amending a live one begins the next version, which goes the same
way; when that is approved, it *replaces* the live one: the alert stays live throughout."""

PUBLISHABLE: frozenset[str] = frozenset(
    {
        "event_code", "texts", "contact", "show_name", "last_seen_place", "radius_km", "regions",
        "expires", "photo_id", "crop", "alt", "credit",
    }
)  # fmt: skip
"""All that an officer may write into a draft. The child's name (if shown), sex and age when last seen, the time and
the rounded place are taken from the case; nothing else ever leaves the desk."""

SHORTEST = timedelta(hours=1)
LONGEST = timedelta(days=30)
PLACE_ROUNDED_KM = 1.0


def next_state(state: State, act: Act) -> State:
    """The state after `act`. Raises NotAllowed("wrong_state")."""
    try:
        return TABLE[state][act]
    except KeyError:
        raise NotAllowed("wrong_state", f"{act} is not possible on an alert that is {state}") from None


def acts(state: State) -> tuple[Act, ...]:
    """What can be done next, in the table's order."""
    return tuple(TABLE[state])


def may_approve(officer: str, writers: Collection[str]) -> None:
    """Four eyes: raises NotAllowed("own_draft") for anybody who wrote or edited the pending version."""
    if officer in writers:
        raise NotAllowed("own_draft", "whoever wrote or edited a draft cannot approve it")


def check_expiry(expires: datetime, now: datetime) -> None:
    """An alert lasts from one hour to 30 days. Raises NotAllowed("expires_too_soon" or "expires_too_late")."""
    if expires < now + SHORTEST:
        raise NotAllowed("expires_too_soon", "an alert lasts at least one hour")
    if expires > now + LONGEST:
        raise NotAllowed("expires_too_late", "an alert lasts at most 30 days; it can be amended to last longer")


def cap_status(exercise: bool) -> CapStatus:
    """In an exercise every alert is an Exercise, and outside one none is."""
    return "Exercise" if exercise else "Actual"


def only_publishable(names: Collection[str]) -> None:
    """Raises NotAllowed("not_publishable") naming the fields that an alert may not carry."""
    foreign = sorted(set(names) - PUBLISHABLE)
    if foreign:
        raise NotAllowed("not_publishable", ", ".join(foreign))
