"""An officer answers a request for removal; time erases it. What is to be removed is removed by the acts there are:
cancelling an alert, closing or withdrawing a case. Call these through `acting.perform`."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

from services.review import audit
from services.review.acting import about, allow
from services.review.cases.acts import needed
from services.review.people.rules import Actor
from services.review.removals import store
from services.review.removals.schemas import OUTCOMES
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import seal_to
from shared.messages import CaseStatusChanged, FamilyMessageSent

RIGHT = "removal.answer"
KEPT_AFTER_ANSWER = timedelta(days=30)
CLOCK = "clock"


@about("removal", "removal.answer")
def answer(work: Work, tools: Tools, actor: Actor, removal_id: str, outcome: str, message: str) -> None:
    """Tells whoever asked what was decided: `outcome` is one of OUTCOMES, `message` sealed to the requester.

    Raises NotAllowed: "not_permitted", "answered_already", "outcome_missing", "message_missing".
    """
    row = store.locked(work.session, removal_id)
    allow(actor, RIGHT, row.region, row.case_id)
    if row.state != "open" or not row.receipt_id or not row.family_key:
        raise NotAllowed("answered_already", f"the request is {row.state}")
    if outcome not in OUTCOMES:
        raise NotAllowed("outcome_missing", "choose what was decided")
    text = needed(message, "message")
    details = store.opened(tools, row)
    if details is None:
        raise NotAllowed("erased", "the request has been erased")
    store.save_details(tools, row, replace(details, answer=text))
    row.state, row.outcome = "answered", outcome
    row.answered_by, row.answered_at = actor.id, work.now
    sealed = b64encode(seal_to(row.family_key, text.encode())).decode()
    work.publish(FamilyMessageSent(row.receipt_id, sealed, work.now))
    work.publish(CaseStatusChanged(row.receipt_id, "ended", work.now))
    audit.record(work, tools, actor.id, "removal.answer", Subject("removal", row.id), f"{outcome}\n\n{text}")


def tidy(tools: Tools) -> None:
    """Erases requests that were answered 30 days ago."""
    with tools.room.bus.work() as work:
        for row in store.due_for_erasure(work.session, work.now - KEPT_AFTER_ANSWER):
            row.content_key = row.details = row.receipt_id = row.family_key = row.alert_id = None
            row.state = "erased"
            audit.record(work, tools, CLOCK, "removal.erase", Subject("removal", row.id))
