"""What is kept from an officer until a first judgement of their own is recorded, against bias. Pure.

The matcher's word (likelihood band, evidence, rank, age gap) is hidden from everybody who has not judged the faces
alone, and others' decisions from everybody who may still decide; `HOMEWARD_BLIND_COMPARISON=0` shows the matcher's
word at once. See docs/decisions/0035.
"""

from collections.abc import Sequence

from services.review.candidates.rules import FINAL, Decision, State


def shows_likelihood(state: State, *, judged: bool, blind: bool) -> bool:
    """Whether somebody may see the matcher's word: with a judgement of their own, or once all is decided."""
    return judged or not blind or state in FINAL


def still_independent(state: State, *, may_settle: bool, judged: bool, blind: bool) -> bool:
    """Whether somebody is still to come to a decision that others' must not touch."""
    if state == "disputed":
        return may_settle and blind and not judged
    return state not in FINAL


def visible(made: Sequence[Decision], viewer: str, *, independent: bool) -> list[Decision]:
    """The decisions that `viewer` may see: while one is to decide independently, only one's own."""
    return [decision for decision in made if not independent or decision.officer == viewer]
