"""What the family hears: a status, an officer's words sealed to the family's own key; by mail, that there is news."""

from base64 import b64encode

from services.review.cases import contact
from services.review.cases.links import head, parts
from services.review.cases.models import Case
from services.review.cases.rules import FAMILY_STATUS
from shared.bus import Work
from shared.keys import seal_to
from shared.messages import CaseStatus, CaseStatusChanged, FamilyMessageSent


def tell_status(work: Work, case: Case, status: CaseStatus | None = None) -> None:
    """Publishes the case's status, by default the one its state stands for. The families of the cases that are part
    of it hear the same; of a merged case, how the one stands that it is part of."""
    status = status or FAMILY_STATUS[head(work.session, case).state]  # type: ignore[index]
    for each in (case, *parts(work.session, case)):
        if each.receipt_id:
            work.publish(CaseStatusChanged(each.receipt_id, status, work.now))
            contact.news(work, each)


def tell_words(work: Work, case: Case, text: str, *, asks: bool = False) -> str | None:
    """Publishes `text` so that only the family's tracking code opens it; returns the message's id, None if there is
    nothing to say or no way to say it. `letters.send` also keeps it."""
    if not (text.strip() and case.receipt_id and case.family_key):
        return None
    sealed = b64encode(seal_to(case.family_key, text.strip().encode())).decode()
    contact.news(work, case)
    return work.publish(FamilyMessageSent(case.receipt_id, sealed, work.now, asks))
