"""How an officer acts: one transaction, authority asked, and a refusal recorded although the act is undone."""

from collections.abc import Callable
from typing import Any, TypeVar

from services.review import audit
from services.review.people.rules import Actor, FactorNeeded, require
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.errors import NotAllowed

Result = TypeVar("Result")

SYSTEM = "system"
"""Who acts where there is no officer: the operator at the command line, or time."""

_MARK = "about"


def about(kind: str, name: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Marks an act `(work, tools, actor, subject_id, …)` with the kind of row that its subject_id names, and with
    the act's own name in the record."""

    def mark(act: Callable[..., Result]) -> Callable[..., Result]:
        setattr(act, _MARK, (kind, name))
        return act

    return mark


def perform(
    tools: Tools, act: Callable[..., Result], actor: Actor | None, subject_id: str, *args: Any, **details: Any
) -> Result:
    """Runs `act` in a transaction of its own and answers its result.

    Raises NotAllowed when a rule forbids it: nothing of the act is then kept but its refusal in the audit.
    """
    try:
        with tools.room.bus.work() as work:
            return act(work, tools, actor, subject_id, *args, **details)
    except FactorNeeded:
        raise  # it is done once the second factor is shown
    except NotAllowed as refusal:
        _record_refusal(tools, act, who(actor), subject_id, refusal)
        raise


def _record_refusal(tools: Tools, act: Callable[..., object], actor: str, subject_id: str, refusal: NotAllowed) -> None:
    kind, name = getattr(act, _MARK)
    text = f"{refusal.reason}: {refusal.detail}" if refusal.detail else refusal.reason
    with tools.room.bus.work() as work:
        audit.record(work, tools, actor, name, Subject(kind, subject_id), text, refused=True)


def allow(actor: Actor | None, act: str, region: str | None, case: str | None = None) -> None:
    """Raises as `people.rules.require` unless the actor may do `act` there, or to that `case`. None is the system."""
    if actor is not None:
        require(actor, act, region, case)


def who(actor: Actor | None) -> str:
    """The actor's id for the record."""
    return actor.id if actor else SYSTEM
