"""How an alert lives: which message may follow which, its CAP identifiers, times and references. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from shared.errors import Refused
from shared.messages import AlertContent

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


def check_rings(content: AlertContent) -> None:
    """Each ring is later and wider than the one before it, and none follows a polygon. Raises
    Refused("rings_not_widening")."""
    steps = [
        (datetime.min.replace(tzinfo=UTC), content.radius_km),
        *((ring.at, ring.radius_km) for ring in content.rings),
    ]
    rising = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(steps))
    if not rising or (content.polygon and content.rings):
        raise Refused("rings_not_widening")


def widened(content: AlertContent, now: datetime) -> AlertContent:
    """The content in the widest of its approved rings whose time has come, with those that are left; itself if none
    has."""
    come = [ring for ring in content.rings if ring.at <= now]
    if not come:
        return content
    left = content.rings[len(come) :]
    return replace(content, radius_km=come[-1].radius_km, regions=come[-1].regions, rings=left)


def widens_at(content: AlertContent) -> datetime | None:
    """When the next ring comes; None after the last one, and for one that would come when the alert is over."""
    coming = content.rings[0].at if content.rings else content.expires
    return coming if coming < content.expires else None
