"""A fact of a report, replaced by what its sender says is right. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from services.review.cases.schemas import Details
from shared.errors import NotAllowed


def _born(details: Details, text: str) -> Details:
    try:
        return replace(details, child=replace(details.child, born=date.fromisoformat(text)))
    except ValueError as error:
        raise NotAllowed("not_a_fact", "no date") from error


_PUT: dict[str, Callable[[Details, str], Details]] = {
    "name": lambda it, text: replace(it, child=replace(it.child, name=text)),
    "born": _born,
    "appearance": lambda it, text: replace(it, child=replace(it.child, appearance=text)),
    "circumstances": lambda it, text: replace(it, last_seen=replace(it.last_seen, circumstances=text)),
    "phone": lambda it, text: replace(it, reporter=replace(it.reporter, phone=text)),
    "email": lambda it, text: replace(it, reporter=replace(it.reporter, email=text)),
}

CAN_BE_TAKEN = frozenset(_PUT)
"""What is one field of the report. Anything else an officer reads, and asks about."""


def corrected(details: Details, fact: str | None, text: str) -> Details:
    """The report with `fact` as the family says it. Raises NotAllowed("not_a_fact")."""
    put = _PUT.get(fact or "")
    if put is None or not text:
        raise NotAllowed("not_a_fact", str(fact))
    return put(details, text)
