"""Two officers decide independently on every candidate; a supervisor settles what they dispute. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from shared.errors import NotAllowed
from shared.messages import ProbeOutcome, Purpose

State = Literal["pending", "half_decided", "disputed", "confirmed", "rejected", "inconclusive"]
Outcome = Literal["confirmed", "rejected", "inconclusive"]
Event = Literal["first", "agreed", "differed", "settled"]

OUTCOMES: tuple[Outcome, ...] = ("confirmed", "rejected", "inconclusive")
FINAL: frozenset[State] = frozenset(OUTCOMES)
UNDECIDED: tuple[State, ...] = ("pending", "half_decided", "disputed")

KEPT_WITHOUT_CANDIDATE = timedelta(hours=72)
"""How long a sighting that led to nobody is kept, to be searched again when a child is registered nearby."""

SEARCH_TRIES = 3
"""How often the gate grants one photo's search anew when the grant came too late."""

TABLE: dict[State, dict[Event, tuple[State, ...]]] = {
    "pending": {"first": ("half_decided",)},
    "half_decided": {"agreed": ("confirmed", "rejected", "inconclusive"), "differed": ("disputed",)},
    "disputed": {"settled": ("confirmed", "rejected", "inconclusive")},
    "confirmed": {},
    "rejected": {},
    "inconclusive": {},
}


@dataclass(frozen=True)
class Decision:
    """One officer's judgement. `officer` is a person's id."""

    officer: str
    outcome: Outcome


def outcome_of(word: str) -> Outcome:
    """`word` if it is an outcome. Raises NotAllowed("unknown_outcome")."""
    for known in OUTCOMES:
        if word == known:
            return known
    raise NotAllowed("unknown_outcome", f"{word!r} is not one of {', '.join(OUTCOMES)}")


def decide(state: State, made: Sequence[Decision], new: Decision, *, supervisor: bool) -> State:
    """The candidate's state after the decision `new`, given those `made` before.

    Raises NotAllowed: "already_decided" (the same officer twice, also as the supervisor of one's own dispute),
    "supervisor_needed" (disputed), "wrong_state" (decided for good).
    """
    if state in FINAL:
        raise NotAllowed("wrong_state", f"this candidate is already {state}")
    if any(decision.officer == new.officer for decision in made):
        raise NotAllowed("already_decided", "an officer decides once on a candidate")
    if state == "disputed" and not supervisor:
        raise NotAllowed("supervisor_needed", "two officers differ: a supervisor decides")
    return next_state(state, _event(state, made, new), new.outcome)


def next_state(state: State, event: Event, outcome: Outcome) -> State:
    """The state after `event` with `outcome`. Raises NotAllowed("wrong_state")."""
    targets = TABLE[state].get(event)
    if targets is None:
        raise NotAllowed("wrong_state", f"{event} is not possible on a candidate that is {state}")
    return targets[0] if len(targets) == 1 else outcome


def _event(state: State, made: Sequence[Decision], new: Decision) -> Event:
    if state == "disputed":
        return "settled"
    if state == "pending":
        return "first"
    return "agreed" if made[-1].outcome == new.outcome else "differed"


def visible(state: State, made: Sequence[Decision], viewer: str) -> list[Decision]:
    """The decisions that `viewer` may see: one's own, and all of them once two officers have decided."""
    if state in ("pending", "half_decided"):
        return [decision for decision in made if decision.officer == viewer]
    return list(made)


def probe_outcome(outcomes: Sequence[Outcome]) -> ProbeOutcome:
    """What became of a search, given the final outcomes of its candidates."""
    if "confirmed" in outcomes:
        return "confirmed"
    return "inconclusive" if "inconclusive" in outcomes or not outcomes else "rejected"


def try_again(refused: int, reason: str) -> bool:
    """Whether the gate decides anew after the `refused`-th refusal: only for a grant that came too late."""
    return reason == "expired" and refused < SEARCH_TRIES


SearchReason = Literal["unknown_purpose", "not_permitted", "erased"]
PUBLIC = "public"
"""The actor of a search that a member of the public set off by a sighting."""


def may_search(purpose: str, *, by_desk: bool, permitted: bool, readable: bool) -> list[SearchReason]:
    """Why a photograph may not be searched; empty when it may.

    Its purpose is sighting triage, an officer's probe of a child in care, or a duplicate check; the actor may do so
    (sighting triage needs no officer, the other two do); and the photo is still there.
    """
    reasons: list[SearchReason] = []
    if purpose not in get_args(Purpose):
        reasons.append("unknown_purpose")
    if not (permitted if by_desk else purpose == "sighting_triage"):
        reasons.append("not_permitted")
    if not readable:
        reasons.append("erased")
    return reasons


REGION_BUDGET = 200
DANGER_BUDGET = 1000


def over_budget(searches_last_hour: int, *, in_danger: bool) -> bool:
    """Whether a region's searches of the last hour raise an alarm. A spent budget never drops a search."""
    return searches_last_hour >= (DANGER_BUDGET if in_danger else REGION_BUDGET)
