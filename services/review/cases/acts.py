"""What an officer does with a case from its arrival to its registration. Call these through `acting.perform`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.review import audit
from services.review.acting import about, allow
from services.review.cases import claiming, family, letters, renewal, store
from services.review.cases.models import Case
from services.review.cases.rules import Act, changed, may_enrol, next_state
from services.review.cases.schemas import checked
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

LONGEST_MESSAGE = 4000


@about("case", "case.start")
def start_verification(work: Work, tools: Tools, actor: Actor, case_id: str) -> None:
    """A submitted or returned case goes into verification."""
    case = _worked_on(work, actor, case_id, "start")
    family.tell_status(work, case)
    audit.record(work, tools, actor.id, "case.start", Subject("case", case.id))


@about("case", "case.check")
def record_check(work: Work, tools: Tools, actor: Actor, case_id: str, checks: Mapping[str, Any]) -> None:
    """Writes entries of `rules.CHECKLIST`; those not given stay. Raises ValidationError, by entry."""
    case = store.locked(work.session, case_id)
    allow(actor, "case.check", case.region, case.id)
    if case.state != "in_verification":
        raise NotAllowed("wrong_state", f"checks are recorded while in verification, not {case.state}")
    claiming.work_on(case, actor, work.now)
    details = store.readable(tools, case)
    after = checked(details.checks, checks)
    store.save_details(tools, case, replace(details, checks=after))
    case.changed_at = work.now
    changes = "\n".join(changed(details.checks, after))
    audit.record(work, tools, actor.id, "case.check", Subject("case", case.id), changes)


@about("case", "case.register")
def register(work: Work, tools: Tools, actor: Actor, case_id: str) -> None:
    """Registers a verified case and asks the gate to enrol its photos.

    Refused with the first reason of `rules.may_enrol` (all of them in the detail): an adult, an open check.
    """
    case = _worked_on(work, actor, case_id, "register")
    enter(work, tools, actor, case)
    claiming.let_go(case)
    audit.record(work, tools, actor.id, "case.register", Subject("case", case.id))


def enter(work: Work, tools: Tools, actor: Actor, case: Case) -> None:
    """A case that has just become registered gets a new case key; the gate is asked for its photos' enrolment."""
    case.registered_by = actor.id
    case.case_key = random_id()
    reasons = may_enrol(store.facts(case, store.readable(tools, case)))
    if reasons:
        raise NotAllowed(reasons[0], ", ".join(reasons))
    case.enrolled_in = None
    renewal.ask(work, case, renewal.wanted(work.session))
    family.tell_status(work, case)


@about("case", "case.return")
def return_to_family(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str, message: str) -> None:
    """Gives the case back to the family: `reason` stays on the desk, `message` is sealed to the family."""
    needed(message, "message")
    case = _worked_on(work, actor, case_id, "return")
    claiming.let_go(case)
    keep_reason(tools, case, needed(reason, "reason"))
    letters.send(work, tools, case, actor.id, "return", message, asks=True)
    family.tell_status(work, case)
    audit.record(work, tools, actor.id, "case.return", Subject("case", case.id), f"{reason}\n\n{message}")


@about("case", "case.reject")
def reject(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str, message: str) -> None:
    """Ends a case that cannot be registered: `reason` stays on the desk, `message` is sealed to the family."""
    needed(message, "message")
    case = _worked_on(work, actor, case_id, "reject")
    claiming.let_go(case)
    keep_reason(tools, case, needed(reason, "reason"))
    case.closed_at = work.now
    letters.send(work, tools, case, actor.id, "reject", message)
    family.tell_status(work, case)
    audit.record(work, tools, actor.id, "case.reject", Subject("case", case.id), f"{reason}\n\n{message}")


def _worked_on(work: Work, actor: Actor, case_id: str, act: Act) -> Case:
    """Like `step`; refused while another officer works on the case."""
    case = step(work, actor, case_id, act)
    claiming.work_on(case, actor, work.now)
    return case


def step(work: Work, actor: Actor | None, case_id: str, act: Act) -> Case:
    """The case, moved on by `act` if the actor may and the table allows."""
    case = store.locked(work.session, case_id)
    allow(actor, f"case.{act}", case.region, case.id)
    case.state = next_state(case.state, act)  # type: ignore[arg-type]
    case.changed_at = work.now
    return case


def keep_reason(tools: Tools, case: Case, reason: str) -> None:
    store.save_details(tools, case, replace(store.readable(tools, case), reason=reason))


def needed(text: str, what: str) -> str:
    """`text`, stripped. Raises NotAllowed when it is empty or far too long."""
    if not text.strip():
        raise NotAllowed(f"{what}_missing", f"a {what} is needed")
    if len(text) > LONGEST_MESSAGE:
        raise NotAllowed(f"{what}_too_long", f"at most {LONGEST_MESSAGE} characters")
    return text.strip()
