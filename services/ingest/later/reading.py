"""From a form to what it says, or to all that is to mend in it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from marshmallow import Schema

from services.ingest.later import rules, schemas
from services.ingest.later.acts import Later
from services.ingest.later.removals import Removal
from services.ingest.reading import Invalid, loaded
from services.ingest.rules import Fault, PhotoNote, reach_faults, taken_faults
from shared.messages import Fact


def addition(raw: Mapping[str, Any], today: date) -> Later:
    """Words, photos or both. Raises Invalid."""
    data, faults = loaded(schemas.AdditionSchema(), raw)
    notes = data.get("photos") or []
    faults += taken_faults(tuple(note.get("taken") for note in notes), None, today)
    if not faults and not data["text"] and not notes:
        faults.append(Fault("#/text", "nothing_added"))
    _stop(faults)
    return Later("addition", data["text"], notes=tuple(PhotoNote(**note) for note in notes))


def answer(raw: Mapping[str, Any], answers: str) -> Later:
    """An answer to the officer's letter `answers`. Raises Invalid."""
    return Later("answer", _read(schemas.AnswerSchema(), raw)["text"], answers=answers)


def correction(raw: Mapping[str, Any], today: date) -> Later:
    """A corrected fact. Raises Invalid."""
    data = _read(schemas.CorrectionSchema(), raw)
    fact: Fact = data["fact"]
    _stop(list(_fact_faults(fact, data["text"], today)))
    return Later("correction", data["text"], fact=fact)


def withdrawal(raw: Mapping[str, Any]) -> Later:
    """A request to withdraw. Raises Invalid."""
    return Later("withdrawal", _read(schemas.WithdrawalSchema(), raw)["text"])


def removal(raw: Mapping[str, Any], report: str | None) -> Removal:
    """A request for removal, of the report with this receipt if one is given. Raises Invalid."""
    data, faults = loaded(schemas.RemovalSchema(), raw)
    wrong = {fault.pointer for fault in faults}
    if not (report or data.get("alert") or data.get("which") or wrong & {"#/alert", "#/which"}):
        faults.append(Fault("#/which", "missing"))
    _stop(faults)
    return Removal(**data, report=report)


def _fact_faults(fact: Fact, text: str, today: date) -> Iterator[Fault]:
    longest = rules.LONGEST_FACT.get(fact, rules.LONGEST_TEXT)
    if fact == "born":
        try:
            wrong = rules.born_fault(date.fromisoformat(text), today)
        except ValueError:
            wrong = "bad_date"
        if wrong:
            yield Fault("#/text", wrong)
    elif len(text) > longest:
        yield Fault("#/text", "too_long", longest)
    elif fact in ("email", "phone"):
        given = {"email": None, "phone": None} | {fact: text}
        yield from (Fault("#/text", fault.code) for fault in reach_faults(given["email"], given["phone"]))


def _read(schema: Schema, raw: Mapping[str, Any]) -> dict[str, Any]:
    data, faults = loaded(schema, raw)
    _stop(faults)
    return data


def _stop(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(tuple(faults))
