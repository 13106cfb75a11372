"""A request for removal comes in: put before the officers who answer for what it is about."""

from sqlalchemy import select

from services.review import audit
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.content import fresh_key
from services.review.drafts.models import Draft
from services.review.removals import store
from services.review.removals.models import Removal
from services.review.removals.schemas import RemovalDetails
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import random_id
from shared.messages import RemovalRequested

PUBLIC = "public"


def removal_requested(message: RemovalRequested, work: Work, tools: Tools) -> None:
    """Keeps the request under a content key of its own. Where it names no alert or report of ours, it is in no region,
    and so before every supervisor."""
    _key, sealed = fresh_key(tools.room.keys)
    case = _case(work, message)
    row = Removal(
        id=random_id(), receipt_id=message.receipt_id, family_key=message.family_key, alert_id=message.alert,
        case_id=case.id if case else None, region=case.region if case else None, language=message.language,
        content_key=sealed, state="open", asked_at=message.asked_at, answer_by=message.answer_by,
        remind_at=message.asked_at + (message.answer_by - message.asked_at) / 2,
    )  # fmt: skip
    told = RemovalDetails(message.affected, message.which, message.text, message.contact)
    store.save_details(tools, row, told)
    work.session.add(row)
    work.session.flush()
    audit.record(work, tools, PUBLIC, "removal.open", Subject("removal", row.id))


def _case(work: Work, message: RemovalRequested) -> Case | None:
    if message.report:
        return cases.by_receipt(work.session, message.report)
    drafted = select(Draft.case_id).where(Draft.alert_id == message.alert).limit(1)
    case_id = work.session.scalar(drafted) if message.alert else None
    return work.session.get(Case, case_id) if case_id else None
