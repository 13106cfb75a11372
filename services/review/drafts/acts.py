"""How officers write, approve, amend and cancel an alert. Call these through `acting.perform`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.review import audit, photos
from services.review.acting import about, allow
from services.review.cases import store as cases
from services.review.cases.acts import needed
from services.review.cases.models import Case
from services.review.drafts import rules, store
from services.review.drafts.models import Draft
from services.review.drafts.prefill import prefilled
from services.review.drafts.schemas import DraftFields, Seen, edited, missing
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id


@about("case", "draft.create")
def create_draft(
    work: Work, tools: Tools, actor: Actor, case_id: str, fields: Mapping[str, Any], seen: Seen | None = None
) -> str:
    """Begins an alert for a registered case, filled in from it but for the given `fields`; answers the draft's id.

    `seen`: the alert is for the place of a confirmed sighting, not for where the child went missing.
    """
    case = cases.get(work.session, case_id)
    allow(actor, "draft.write", case.region, case.id)
    draft = _new(work, case, alert_id=random_id(), version=1)
    _write(work, tools, actor, case, draft, edited(prefilled(work, tools, case, seen), fields))
    audit.record(work, tools, actor.id, "draft.create", Subject("draft", draft.id))
    return draft.id


@about("draft", "draft.edit")
def edit_draft(
    work: Work, tools: Tools, actor: Actor, draft_id: str, fields: Mapping[str, Any], revision: int | None = None
) -> None:
    """Replaces the given fields of a draft or returned version; its writer cannot approve it any more.

    `revision` is the one that the actor read. Raises NotAllowed("changed_meanwhile").
    """
    draft, case = step(work, actor, draft_id, "edit", "draft.write")
    check_revision(draft, revision)
    before = store.readable(work.session, tools, draft)
    after = edited(before, fields)
    rules.check_test(draft.version, before.test, after.test)
    _write(work, tools, actor, case, draft, after)
    names = ", ".join(sorted(fields))
    audit.record(work, tools, actor.id, "draft.edit", Subject("draft", draft.id), names)


@about("draft", "draft.submit")
def submit_draft(work: Work, tools: Tools, actor: Actor, draft_id: str) -> None:
    """Puts a complete version before another officer. Raises NotAllowed("incomplete") naming what it lacks."""
    draft, case = step(work, actor, draft_id, "submit", "draft.write")
    fields = store.readable(work.session, tools, draft)
    check_complete(work, tools, case, fields)
    audit.record(work, tools, actor.id, "draft.submit", Subject("draft", draft.id))


@about("draft", "draft.return")
def return_draft(work: Work, tools: Tools, actor: Actor, draft_id: str, reason: str) -> None:
    """Gives a pending version back to its writers."""
    _turn_down(work, tools, actor, draft_id, "return", reason)


@about("draft", "draft.reject")
def reject_draft(work: Work, tools: Tools, actor: Actor, draft_id: str, reason: str) -> None:
    """Ends a pending version for good; what is live stays live."""
    _turn_down(work, tools, actor, draft_id, "reject", reason)


@about("draft", "draft.amend")
def amend(work: Work, tools: Tools, actor: Actor, draft_id: str) -> str:
    """Begins the next version of a live alert, filled with what is live; answers its id.

    The live version stays until another officer approves the new one. Only one amendment at a time.
    """
    live, case = step(work, actor, draft_id, "amend", "draft.write")
    draft = _next_version(work, case, live)
    _write(work, tools, actor, case, draft, store.readable(work.session, tools, live))
    audit.record(work, tools, actor.id, "draft.amend", Subject("draft", draft.id))
    return draft.id


@about("draft", "draft.extend")
def extend(work: Work, tools: Tools, actor: Actor, draft_id: str, hours: float) -> str:
    """Puts before another officer a version of a live alert that differs in nothing but a later end; answers its id.

    Raises NotAllowed("expires_too_late", "amendment_open", "wrong_state").
    """
    live, case = step(work, actor, draft_id, "extend", "draft.write")
    fields = store.readable(work.session, tools, live)
    if fields.expires is None:
        raise NotAllowed("incomplete", "expires")
    fields = replace(fields, expires=rules.extended(fields.expires, work.now, hours))
    draft = _next_version(work, case, live)
    _write(work, tools, actor, case, draft, fields)
    check_complete(work, tools, case, fields)
    draft.state = rules.next_state(draft.state, "submit")  # type: ignore[arg-type]
    audit.record(work, tools, actor.id, "draft.extend", Subject("draft", draft.id), f"{hours:g} hours")
    return draft.id


def _next_version(work: Work, case: Case, live: Draft) -> Draft:
    versions = store.of_alert(work.session, live.alert_id)
    if any(version.state in ("draft", "pending", "returned") for version in versions):
        raise NotAllowed("amendment_open", "an amendment of this alert is already being written")
    return _new(work, case, live.alert_id, versions[-1].version + 1)


def step(work: Work, actor: Actor, draft_id: str, act: rules.Act, permission: str) -> tuple[Draft, Case]:
    """The draft, moved on by `act` if the actor may and the table allows, and its case, which must be registered."""
    draft = store.locked(work.session, draft_id)
    case = store.case_of(work.session, draft)
    allow(actor, permission, case.region, case.id)
    draft.state = rules.next_state(draft.state, act)  # type: ignore[arg-type]
    draft.changed_at = work.now
    _check_registered(case)
    return draft, case


def check_revision(draft: Draft, read: int | None) -> None:
    """Raises NotAllowed("changed_meanwhile") if the draft is no longer as it was read. None: it does not matter."""
    if read not in (None, draft.revision):
        raise NotAllowed("changed_meanwhile", "it was edited after you read it")


def check_complete(work: Work, tools: Tools, case: Case, fields: DraftFields) -> None:
    """Raises NotAllowed: "incomplete", "expires_too_soon", "expires_too_late", "unknown_region", "photo_foreign"."""
    lacking = missing(fields)
    if lacking or fields.expires is None:
        raise NotAllowed("incomplete", ", ".join(lacking))
    rules.check_expiry(fields.expires, work.now)
    unknown = [code for code in fields.regions if not tools.regions.known(code)]
    if unknown:
        raise NotAllowed("unknown_region", ", ".join(unknown))
    if fields.photo_id and fields.photo_id not in {photo.id for photo in photos.seen_to(work.session, case.id)}:
        raise NotAllowed("photo_foreign", "the photo does not belong to this case")


def _turn_down(work: Work, tools: Tools, actor: Actor, draft_id: str, act: rules.Act, reason: str) -> None:
    draft, case = step(work, actor, draft_id, act, "draft.approve")
    store.keep_as_returned(work.session, tools, case, draft)
    store.save_reason(tools, case, draft, needed(reason, "reason"))
    audit.record(work, tools, actor.id, f"draft.{act}", Subject("draft", draft.id), reason)


def _new(work: Work, case: Case, alert_id: str, version: int) -> Draft:
    _check_registered(case)
    draft = Draft(
        id=random_id(), alert_id=alert_id, case_id=case.id, version=version, state="draft", revision=0,
        made_at=work.now, changed_at=work.now,
    )  # fmt: skip
    work.session.add(draft)
    work.session.flush()
    return draft


def _write(work: Work, tools: Tools, actor: Actor, case: Case, draft: Draft, fields: DraftFields) -> None:
    store.save_fields(tools, case, draft, fields)
    store.add_writer(work.session, draft, actor.id)
    draft.revision += 1


def _check_registered(case: Case) -> None:
    if case.state != "registered":
        raise NotAllowed("case_not_registered", f"the case is {case.state}")
