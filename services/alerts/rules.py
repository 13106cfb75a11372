"""How an alert lives: which message may follow which, its CAP identifiers, times and references. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from shared.errors import Refused

State = Literal["live", "cancelled", "expired"]
Act = Literal["amend", "cancel", "expire"]

TABLE: dict[State, dict[Act, State]] = {
    "live": {"amend": "live", "cancel": "cancelled", "expire": "expired"},
    "cancelled": {},
    "expired": {},
}
"""CAP's `status` (Actual, Exercise, Test) is another thing: it never changes."""


def next_state(state: State, act: Act) -> State:
    """The state after `act`. Raises Refused("alert_ended")."""
    try:
        return TABLE[state][act]
    except KeyError:
        raise Refused("alert_ended") from None


def state_at(state: State, expires: datetime, now: datetime) -> State:
    """The state to the second: a live alert whose time is over has expired, also before anybody noted it."""
    return next_state(state, "expire") if state == "live" and expires <= now else state


def check_version(current: int, given: int) -> None:
    """An amendment is later than what is live; the numbers of rejected ones are passed over. Raises
    Refused("wrong_version")."""
    if given <= current:
        raise Refused("wrong_version")


def sent_at(now: datetime, before: datetime | None) -> datetime:
    """The time of publication to the second, later than the message before it."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    return moment if before is None or moment > before else before + timedelta(seconds=1)
