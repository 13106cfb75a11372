"""Loads and saves drafts; their content goes in and out through the case's content key."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import rows
from services.review.cases.models import Case
from services.review.content import key_of, open_text, seal_text
from services.review.drafts.models import Draft, Widening, Writer
from services.review.drafts.schemas import DraftFields, dumped, loaded
from services.review.people.rules import Actor
from services.review.people.store import covered
from services.review.tools import Tools
from shared.errors import NotAllowed

MOST = 200
"""Rows of a list."""


def get(session: Session, draft_id: str) -> Draft:
    """Raises NotAllowed("not_found")."""
    return rows.found(session, Draft, draft_id, "draft")


def locked(session: Session, draft_id: str) -> Draft:
    """Like `get`, and nobody else changes it or its case before this transaction ends. The case is locked first, as
    by whoever ends it: so no alert goes live while its case is being closed."""
    session.get(Case, get(session, draft_id).case_id, with_for_update=True, populate_existing=True)
    return rows.locked(session, Draft, draft_id, "draft")


def listed(session: Session, states: Sequence[str] | None = None, case_id: str | None = None) -> Sequence[Draft]:
    """Drafts in any of `states`, of one case if given, last changed first."""
    query = select(Draft).order_by(Draft.changed_at.desc())
    query = query if states is None else query.where(Draft.state.in_(states))
    return session.scalars(query if case_id is None else query.where(Draft.case_id == case_id)).all()


def on_desk(session: Session, actor: Actor, states: Sequence[str] | None = None) -> Sequence[Draft]:
    """Drafts in any of `states` (None: all) in the actor's jurisdiction, last changed first."""
    query = select(Draft).join(Case, Draft.case_id == Case.id).where(covered(Case.region, actor))
    query = query.order_by(Draft.changed_at.desc()).limit(MOST)
    return session.scalars(query if states is None else query.where(Draft.state.in_(states))).all()


def of_alert(session: Session, alert_id: str) -> Sequence[Draft]:
    """All versions of an alert, oldest first."""
    query = select(Draft).where(Draft.alert_id == alert_id).order_by(Draft.version)
    return session.scalars(query).all()


def live_version(session: Session, alert_id: str, before: int | None = None) -> Draft | None:
    """The version that the public now reads; with `before`, the one that version is about to replace."""
    query = select(Draft).where(Draft.alert_id == alert_id, Draft.state == "live")
    return session.scalar((query if before is None else query.where(Draft.version < before)).with_for_update())


def version_before(session: Session, draft: Draft) -> Draft | None:
    """The published version that this one follows; None for the first."""
    query = select(Draft).where(Draft.alert_id == draft.alert_id, Draft.version < draft.version)
    query = query.where(Draft.approved_at.is_not(None)).order_by(Draft.version.desc())
    return session.scalars(query).first()


def widenings(session: Session, draft_id: str) -> Sequence[Widening]:
    """How the version's area widened by itself, in order."""
    query = select(Widening).where(Widening.draft_id == draft_id)
    return session.scalars(query.order_by(Widening.sent)).all()


def writers(session: Session, draft_id: str) -> set[str]:
    """Ids of all who wrote or edited this version."""
    return set(session.scalars(select(Writer.officer).where(Writer.draft_id == draft_id)))


def add_writer(session: Session, draft: Draft, officer: str) -> None:
    if officer not in writers(session, draft.id):
        session.add(Writer(draft_id=draft.id, officer=officer))


def case_of(session: Session, draft: Draft) -> Case:
    """The case a draft speaks of. Raises NotAllowed("not_found")."""
    return rows.found(session, Case, draft.case_id, "case")


def opened(session: Session, tools: Tools, draft: Draft) -> DraftFields | None:
    """What the draft says; None once its case is erased."""
    case = case_of(session, draft)
    if draft.content is None or case.content_key is None:
        return None
    return loaded(open_text(key_of(tools.room.keys, case), draft.content, f"draft {draft.id}"))


def readable(session: Session, tools: Tools, draft: Draft) -> DraftFields:
    """Like `opened`. Raises NotAllowed("erased")."""
    fields = opened(session, tools, draft)
    if fields is None:
        raise NotAllowed("erased", "the case has been erased")
    return fields


def save_fields(tools: Tools, case: Case, draft: Draft, fields: DraftFields) -> None:
    draft.content = seal_text(key_of(tools.room.keys, case), dumped(fields), f"draft {draft.id}")


def keep_as_returned(session: Session, tools: Tools, case: Case, draft: Draft) -> None:
    """Keeps what the draft says now, as it is turned down."""
    said = dumped(readable(session, tools, draft))
    draft.turned_down = seal_text(key_of(tools.room.keys, case), said, f"draft {draft.id} turned down")


def as_returned(session: Session, tools: Tools, draft: Draft) -> DraftFields | None:
    """What the draft said when it was last turned down; None when it was not, or is erased."""
    case = case_of(session, draft)
    if draft.turned_down is None or case.content_key is None:
        return None
    return loaded(open_text(key_of(tools.room.keys, case), draft.turned_down, f"draft {draft.id} turned down"))


def save_reason(tools: Tools, case: Case, draft: Draft, reason: str) -> None:
    draft.reason = seal_text(key_of(tools.room.keys, case), reason, f"draft {draft.id} reason")


def reason_of(session: Session, tools: Tools, draft: Draft) -> str | None:
    """Why it was returned or rejected; None when it was not, or is erased."""
    case = case_of(session, draft)
    if draft.reason is None or case.content_key is None:
        return None
    return open_text(key_of(tools.room.keys, case), draft.reason, f"draft {draft.id} reason")
