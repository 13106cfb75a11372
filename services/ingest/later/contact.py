"""The e-mail address of a report, not known at this door: that a code was mailed to it, and that the code came back."""

from services.ingest.later import rules, store
from services.ingest.models import ContactCheck
from services.ingest.tools import Tools
from shared import contactcode
from shared.bus import Work
from shared.errors import Refused
from shared.messages import ContactAsked, ContactConfirmed


def contact_asked(message: ContactAsked, work: Work) -> None:
    """A code was mailed: it may be typed here. An earlier one does not count any more."""
    if store.receipt(work.session, message.receipt_id) is None:
        raise Refused("unknown_receipt")
    check = work.session.get(ContactCheck, message.receipt_id)
    if check is None:
        check = ContactCheck(receipt_id=message.receipt_id)
        work.session.add(check)
    check.mark, check.asked_at, check.confirmed_at = message.mark, message.asked_at, None


def confirm(heard: str, tools: Tools, receipt_id: str | None = None) -> bool:
    """Confirms the address that the code `heard` was mailed to; with a receipt, only that of its report.

    False if the code is not known, not of that report, or over. Twice is once.
    """
    code = contactcode.normal(heard)
    if code is None:
        return False
    with tools.room.bus.work() as work:
        check = store.contact_by_mark(work.session, contactcode.mark(code))
        if check is None or (receipt_id and check.receipt_id != receipt_id):
            return False
        if check.confirmed_at is None:
            if rules.is_over(check.asked_at, work.now):
                return False
            check.confirmed_at = work.now
            work.publish(ContactConfirmed(check.receipt_id, check.mark, work.now))
        return True
