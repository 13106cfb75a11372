"""What may be done to an alert's version, who may approve it, and what it may say in public. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from shared.errors import NotAllowed
from shared.messages import CapStatus

State = Literal["draft", "pending", "returned", "rejected", "live", "amended", "cancelled", "expired"]
Act = Literal["edit", "submit", "approve", "return", "reject", "amend", "extend", "replace", "cancel", "expire"]

TABLE: dict[State, dict[Act, State]] = {
    "draft": {"edit": "draft", "submit": "pending"},
    "pending": {"approve": "live", "return": "returned", "reject": "rejected"},
    "returned": {"edit": "returned", "submit": "pending"},
    "live": {"amend": "live", "extend": "live", "replace": "amended", "cancel": "cancelled", "expire": "expired"},
    "rejected": {},
    "amended": {},
    "cancelled": {},
    "expired": {},
}
"""One row of `drafts` is one version of an alert. Amending a live one begins the next version, which goes the same
way; extending it does so too, with nothing but a later end, and sends it for approval at once. When the next version is
approved, it *replaces* the live one: the alert stays live throughout."""

PUBLISHABLE: frozenset[str] = frozenset(
    {
        "event_code", "texts", "contact", "show_name", "last_seen_place", "radius_km", "polygon", "rings",
        "regions", "expires", "photo_id", "crop", "alt", "credit", "test",
    }
)  # fmt: skip
"""All that an officer may write into a draft. The child's name (if shown), sex and age when last seen, the time and
the rounded place are taken from the case; nothing else ever leaves the desk."""

SHORTEST = timedelta(hours=1)
LONGEST = timedelta(days=30)
PLACE_ROUNDED_KM = 1.0
EXTENSION_HOURS = (12, 24, 72)

WORDS: dict[CapStatus, tuple[str, ...]] = {
    "Actual": ("publish", "发布"),
    "Exercise": ("exercise", "演练"),
    "Test": ("test", "测试"),
}
"""What an officer types before approving: another word for each status, in English or Chinese."""


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


def extended(expires: datetime, now: datetime, hours: float) -> datetime:
    """The later end of an alert: `hours` after its end. Raises NotAllowed("expires_too_late")."""
    later = expires + timedelta(hours=hours)
    check_expiry(later, now)
    return later


def cap_status(exercise: bool, test: bool = False) -> CapStatus:
    """In an exercise every alert is an Exercise, and outside one none is; a Test is asked for."""
    if exercise:
        return "Exercise"
    return "Test" if test else "Actual"


def check_word(status: CapStatus, typed: str) -> None:
    """Raises NotAllowed("wrong_word") unless the word of this status was typed."""
    if typed.strip().casefold() not in WORDS[status]:
        raise NotAllowed("wrong_word", status)


def check_test(version: int, was: bool, now_is: bool) -> None:
    """A published alert stays what it is. Raises NotAllowed("status_fixed")."""
    if version > 1 and was != now_is:
        raise NotAllowed("status_fixed", "an amendment cannot make a Test of an alert, nor an alert of a Test")


def only_publishable(names: Collection[str]) -> None:
    """Raises NotAllowed("not_publishable") naming the fields that an alert may not carry."""
    foreign = sorted(set(names) - PUBLISHABLE)
    if foreign:
        raise NotAllowed("not_publishable", ", ".join(foreign))
