"""The second pair of eyes: approving a version publishes it; cancelling takes it back. Through `acting.perform`."""

from services.review import audit
from services.review.acting import about, allow
from services.review.cases.models import Case
from services.review.drafts import closing, rules, store
from services.review.drafts.acts import check_complete, check_revision, step
from services.review.drafts.content import publishable, status_of
from services.review.drafts.models import Draft
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.messages import AlertAmended, AlertApproved


@about("draft", "draft.approve")
def approve(
    work: Work, tools: Tools, actor: Actor, draft_id: str, revision: int | None = None, word: str | None = None
) -> None:
    """Publishes a pending version that the actor neither wrote nor edited.

    `revision` is the one that the actor read, `word` what they typed (`rules.WORDS`; None: nobody typed).
    Raises NotAllowed("own_draft", "changed_meanwhile", "wrong_word", "alert_ended", …).
    """
    draft, case = step(work, actor, draft_id, "approve", "draft.approve")
    rules.may_approve(actor.id, store.writers(work.session, draft.id))
    check_revision(draft, revision)
    if word is not None:
        rules.check_word(status_of(tools, store.readable(work.session, tools, draft)), word)
    _replace_live(work, draft)
    _publish(work, tools, case, draft)
    draft.approved_by, draft.approved_at = actor.id, work.now
    audit.record(work, tools, actor.id, "draft.approve", Subject("draft", draft.id), f"revision {draft.revision}")


def _replace_live(work: Work, draft: Draft) -> None:
    if draft.version == 1:
        return
    live = store.live_version(work.session, draft.alert_id, before=draft.version)
    if live is None:
        raise NotAllowed("alert_ended", "the alert that this amends has ended")
    live.state = rules.next_state(live.state, "replace")  # type: ignore[arg-type]


def _publish(work: Work, tools: Tools, case: Case, draft: Draft) -> None:
    fields = store.readable(work.session, tools, draft)
    check_complete(work, tools, case, fields)
    content = publishable(work.session, tools, case, fields, work.now)
    message = AlertApproved if draft.version == 1 else AlertAmended
    work.publish(message(draft.alert_id, draft.version, content, work.now))


@about("draft", "draft.cancel")
def cancel(work: Work, tools: Tools, actor: Actor, draft_id: str, reason: str = "") -> None:
    """Takes a live alert back. A case that stays registered can have a new one."""
    draft = store.locked(work.session, draft_id)
    case = store.case_of(work.session, draft)
    allow(actor, "draft.cancel", case.region, case.id)
    closing.cancel(work, draft)
    audit.record(work, tools, actor.id, "draft.cancel", Subject("draft", draft.id), reason)
