"""How a case ends: closed or withdrawn at once, reopened within 30 days, held by law, or erased for good."""

from dataclasses import replace

from services.review import audit, photos
from services.review.acting import about, allow, who
from services.review.candidates import closing as candidates
from services.review.cases import acts, claiming, contact, family, letters, links, merged, pairs, store
from services.review.cases.models import Case
from services.review.cases.rules import Act, close_reason, may_reopen, next_state
from services.review.drafts import closing as drafts
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.messages import ForgetRequested


@about("case", "case.close")
def close(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str, outcome_text: str = "") -> None:
    """Ends a registered case: templates forgotten, alert cancelled, photos locked, all at once.

    `reason` is one of `rules.CLOSE_REASONS`; `outcome_text`, if any, is what the family is told.
    """
    _end(work, tools, actor, case_id, "close", close_reason(reason), outcome_text=outcome_text)


@about("case", "case.withdraw")
def withdraw(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str = "") -> None:
    """Ends an open case, in whatever open state, or a merged one, because its family asked for it."""
    _end(work, tools, actor, case_id, "withdraw", "withdrawn", reason=reason)


def _end(
    work: Work, tools: Tools, actor: Actor, case_id: str, act: Act, why: str, reason: str = "", outcome_text: str = ""
) -> None:
    was_registered = store.locked(work.session, case_id).state == "registered"
    case = acts.step(work, actor, case_id, act)
    if case.merged_into:
        merged.detach(work, case)
    case.closed_at, case.close_reason, case.review_due_at = work.now, why, None
    claiming.let_go(case)
    details = store.readable(tools, case)
    store.save_details(tools, case, replace(details, reason=reason or details.reason, outcome_text=outcome_text))
    if was_registered:
        _stop_looking(work, tools, actor, case)
    letters.send(work, tools, case, actor.id, "outcome", outcome_text)
    letters.settle(work, actor, case.id, "withdrawal")
    family.tell_status(work, case)
    audit.record(work, tools, actor.id, f"case.{act}", Subject("case", case.id), f"{why}\n\n{reason}{outcome_text}")


def _stop_looking(work: Work, tools: Tools, actor: Actor, case: Case) -> None:
    candidates.drop_case(work, case)
    drafts.cancel_all(work, tools, actor, case.id)
    if case.case_key:
        work.publish(ForgetRequested(case.case_key))


@about("case", "case.reopen")
def reopen(work: Work, tools: Tools, actor: Actor, case_id: str) -> None:
    """Undoes the end of a case, within 30 days: a closed one is registered again, under a new case key; a rejected or
    withdrawn one goes into verification again, with the officer who reopened it."""
    case = acts.step(work, actor, case_id, "reopen")
    may_reopen(case.closed_at or case.changed_at, work.now)
    case.closed_at = case.close_reason = None
    if case.state == "registered":
        acts.enter(work, tools, actor, case)
    else:
        claiming.work_on(case, actor, work.now)
        family.tell_status(work, case)
    audit.record(work, tools, actor.id, "case.reopen", Subject("case", case.id))


@about("case", "case.hold")
def hold(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str) -> None:
    """Keeps a case from being erased, however long, because the law asks; `reason` says which. A photo stays locked.

    Raises NotAllowed: "not_permitted", "erased", "held_already", "reason_missing".
    """
    case = store.locked(work.session, case_id)
    allow(actor, "case.erase", case.region, case.id)
    details = store.readable(tools, case)
    if case.held_at is not None:
        raise NotAllowed("held_already", "the case is held")
    text = acts.needed(reason, "reason")
    store.save_details(tools, case, replace(details, hold_reason=text))
    case.held_by, case.held_at = actor.id, work.now
    audit.record(work, tools, actor.id, "case.hold", Subject("case", case.id), text)


@about("case", "case.lift_hold")
def lift_hold(work: Work, tools: Tools, actor: Actor, case_id: str, reason: str) -> None:
    """The law does not ask any more: the case is erased when its time is over, which may be at once.

    Raises NotAllowed: "not_permitted", "not_held", "reason_missing".
    """
    case = store.locked(work.session, case_id)
    allow(actor, "case.erase", case.region, case.id)
    if case.held_at is None:
        raise NotAllowed("not_held", "the case is not held")
    text = acts.needed(reason, "reason")
    store.save_details(tools, case, replace(store.readable(tools, case), hold_reason=""))
    case.held_by = case.held_at = None
    audit.record(work, tools, actor.id, "case.lift_hold", Subject("case", case.id), text)


@about("case", "case.erase")
def erase(work: Work, tools: Tools, actor: Actor | None, case_id: str, why: str = "") -> None:
    """Destroys an ended case's content key, photos and clear columns, and those of the cases that are part of it. None
    as actor is the operator or the clock.

    What stays is the case's number, state and times, and the audit's chain over texts that nobody can read.
    """
    case = store.locked(work.session, case_id)
    allow(actor, "case.erase", case.region, case.id)
    if case.held_at is not None:
        raise NotAllowed("held_by_law", "lift the legal hold first")
    case.state = next_state(case.state, "erase")  # type: ignore[arg-type]
    if case.merged_into:
        merged.detach(work, case)
    for part in list(links.parts(work.session, case)):
        if part.merged_into == case.id:
            _erase_part(work, tools, actor, part)
    photos.forget(work, tools, photos.of_case(work.session, case.id))
    pairs.forget_case(work.session, case.id)
    candidates.forget_case(work, tools, case)
    drafts.forget_case(work, case.id)
    letters.forget(work, case.id)
    contact.forget(work, case.id)
    case.content_key = case.details = case.case_key = None
    case.receipt_id = case.family_key = case.region = case.language = case.filed_how = None
    case.changed_at = work.now
    audit.record(work, tools, who(actor), "case.erase", Subject("case", case.id), why)


def _erase_part(work: Work, tools: Tools, actor: Actor | None, part: Case) -> None:
    """A merged case is erased with the one that it is part of; one that the law holds, once the hold is lifted."""
    part.merged_into = None
    if part.held_at is None:
        erase(work, tools, actor, part.id, "with the case that it is part of")
    else:
        part.closed_at = work.now
