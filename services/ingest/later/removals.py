"""A request that an alert or a report be taken away, handed to the police desk, with a code of its own."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from services.ingest import handlers, tracking
from services.ingest.forms import FormKey
from services.ingest.models import Receipt
from services.ingest.tools import Tools
from shared.keys import random_id
from shared.messages import Affected, Language, RemovalRequested


@dataclass(frozen=True)
class Removal:
    """A request that was read and found valid. `report` is the receipt of the report that is meant."""

    alert: str | None
    affected: Affected
    which: str
    text: str
    contact: str | None
    language: Language
    report: str | None


def submit(asked: Removal, form: FormKey, tools: Tools) -> bool:
    """Seals the request and hands it over. False if this form was sent before."""
    if handlers.is_sent(form.tracking_code, tools):
        return False
    try:
        _file(asked, form.tracking_code, tools)
    except IntegrityError:
        if not handlers.is_sent(form.tracking_code, tools):
            raise
        return False  # a double click, and the other one was faster
    return True


def _file(asked: Removal, code: str, tools: Tools) -> None:
    salt = tracking.new_salt()
    family_key = tracking.family_key(code, salt)
    with tools.room.bus.work() as work:
        answer_by = work.now + timedelta(hours=tools.room.settings.removal_hours)
        receipt = Receipt(
            id=random_id(), code_hash=tracking.lookup_hash(code), salt=salt, kind="removal", language=asked.language,
            status="received", submitted_at=work.now, changed_at=work.now, answer_by=answer_by,
        )  # fmt: skip
        work.session.add(receipt)
        work.session.flush()
        work.publish(
            RemovalRequested(
                receipt_id=receipt.id, family_key=family_key, alert=asked.alert, report=asked.report,
                affected=asked.affected, which=asked.which, text=asked.text, contact=asked.contact,
                language=asked.language, asked_at=work.now, answer_by=answer_by,
            )
        )  # fmt: skip
