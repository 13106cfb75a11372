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

Reason = Literal["features", "age", "elsewhere", "known", "other"]

OUTCOMES: tuple[Outcome, ...] = ("confirmed", "rejected", "inconclusive")
FINAL: frozenset[State] = frozenset(OUTCOMES)
REASONS: tuple[Reason, ...] = ("features", "age", "elsewhere", "known", "other")
"""Why a sighted child is not the missing one."""
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


def reason_of(outcome: Outcome, word: str, note: str, *, settling: bool) -> Reason | None:
    """Why it is not this child; None for the other outcomes. A note alone is reason enough.

    Raises NotAllowed: "rejection_reason_missing" where a rejection has neither reason nor note, or only "other";
    "settling_reason_missing" where a dispute is settled without a note; "unknown_rejection".
    """
    if word and word not in REASONS:
        raise NotAllowed("unknown_rejection", f"{word!r} is not one of {', '.join(REASONS)}")
    if settling and not note.strip():
        raise NotAllowed("settling_reason_missing", "two officers differ: say why you settle it so")
    if outcome == "rejected" and word in ("", "other") and not note.strip():
        raise NotAllowed("rejection_reason_missing", "a rejection needs a reason")
    if outcome != "rejected":
        return None
    return next((known for known in REASONS if known == word), "other")


def check_unchanged(made: int, read: int | None) -> None:
    """Raises NotAllowed("decided_meanwhile") unless a candidate with `made` decisions is as when an officer read it.

    `read`: how many it had then, None if that does not matter. A first decision made meanwhile changes nothing for
    the second: it would not have been shown.
    """
    if read is not None and read != made and (read, made) != (0, 1):
        raise NotAllowed("decided_meanwhile", f"it had {read} decisions when it was read, now {made}")


def may_judge(state: State, *, judged: bool, decided: bool, may_settle: bool) -> None:
    """Raises NotAllowed unless an officer may record a first judgement: "wrong_state", "already_decided",
    "already_judged", "supervisor_needed"."""
    if state in FINAL:
        raise NotAllowed("wrong_state", f"this candidate is already {state}")
    if decided:
        raise NotAllowed("already_decided", "an officer decides once on a candidate")
    if judged:
        raise NotAllowed("already_judged", "an officer judges once on a candidate")
    if state == "disputed" and not may_settle:
        raise NotAllowed("supervisor_needed", "two officers differ: a supervisor decides")


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


def probe_outcome(outcomes: Sequence[Outcome]) -> ProbeOutcome:
    """What became of a search, given the final outcomes of its candidates."""
    if "confirmed" in outcomes:
        return "confirmed"
    return "inconclusive" if "inconclusive" in outcomes or not outcomes else "rejected"


def try_again(refused: int, reason: str) -> bool:
    """Whether the gate decides anew after the `refused`-th refusal: only for a grant that came too late."""
    return reason == "expired" and refused < SEARCH_TRIES


SearchReason = Literal["unknown_purpose", "wrong_purpose", "not_permitted", "erased", "photo_locked"]
Owner = Literal["sighting", "probe", "case"]
PUBLIC = "public"
"""The actor of a search that a member of the public set off by a sighting."""


PURPOSES: dict[Owner, Purpose] = {
    "sighting": "sighting_triage",
    "probe": "officer_probe",
    "case": "duplicate_check",
}
"""What each kind of photograph may be searched for, and nothing else."""


def may_search(
    purpose: str, *, by_desk: bool, permitted: bool, readable: bool, of: Owner = "sighting", locked: bool = False
) -> list[SearchReason]:
    """Why a photograph may not be searched; empty when it may.

    Its purpose is sighting triage, an officer's probe of a child in care, or a duplicate check, as the photograph is
    `of` a sighting, a probe or a case; the actor may do so (sighting triage needs no officer, the other two do); the
    photo is still there, and its case is open.
    """
    reasons: list[SearchReason] = []
    if purpose not in get_args(Purpose):
        reasons.append("unknown_purpose")
    elif purpose != PURPOSES[of]:
        reasons.append("wrong_purpose")
    if not (permitted if by_desk else purpose == "sighting_triage"):
        reasons.append("not_permitted")
    if not readable:
        reasons.append("erased")
    if locked:
        reasons.append("photo_locked")
    return reasons


REGION_BUDGET = 200
DANGER_BUDGET = 1000
OFFICER_BUDGET = 20
"""An officer's probes in an hour. More of them are searched too, and are in the record as an alarm."""


def over_budget(searches_last_hour: int, *, in_danger: bool) -> bool:
    """Whether a region's searches of the last hour raise an alarm. A spent budget never drops a search."""
    return searches_last_hour >= (DANGER_BUDGET if in_danger else REGION_BUDGET)
