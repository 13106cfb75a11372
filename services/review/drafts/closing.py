"""How alerts end: cancelled by an officer or with their case, and forgotten with its erasure."""

from services.review import audit
from services.review.drafts import rules, store
from services.review.drafts.models import Draft
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.messages import AlertCancelled


def cancel(work: Work, draft: Draft) -> None:
    """Raises NotAllowed("wrong_state") unless the version is live."""
    draft.state = rules.next_state(draft.state, "cancel")  # type: ignore[arg-type]
    draft.changed_at = work.now
    work.publish(AlertCancelled(draft.alert_id, work.now))


def cancel_all(work: Work, tools: Tools, actor: Actor, case_id: str) -> None:
    """Cancels whatever is live of a case that has ended."""
    for draft in store.listed(work.session, ("live",), case_id):
        cancel(work, draft)
        audit.record(work, tools, actor.id, "draft.cancel", Subject("draft", draft.id), "with its case")


def forget_case(work: Work, case_id: str) -> None:
    """Erases what the drafts of an erased case said."""
    for draft in store.listed(work.session, case_id=case_id):
        draft.content = draft.reason = draft.turned_down = None
