"""The family's e-mail address: it is written to only after whoever reads it has said so, and then only that there is
news."""

from sqlalchemy import delete, select

from services.review.cases.letter_models import Contact, FamilyMail
from services.review.cases.models import Case
from services.review.content import key_of, seal_text
from services.review.tools import Tools
from shared import contactcode
from shared.bus import Work
from shared.keys import random_id
from shared.messages import ContactAsked


def ask(work: Work, tools: Tools, case: Case, email: str | None) -> None:
    """Has a code mailed to the address, which is not written to before it is confirmed; an earlier address never again.

    Without a mail server, or without a tracking code to open a page with, nobody is asked.
    """
    forget(work, case.id)
    if not (email and case.receipt_id and tools.room.settings.smtp_url):
        return
    code = contactcode.new()
    mark = contactcode.mark(code)
    work.session.add(Contact(case_id=case.id, mark=mark, asked_at=work.now))
    mail = _due(work, case, "confirm")
    mail.code = seal_text(key_of(tools.room.keys, case), code, f"mail {mail.id}")
    work.publish(ContactAsked(case.receipt_id, mark, work.now))


def confirm(work: Work, case: Case, mark: str) -> bool:
    """Notes that the address is confirmed. False if another code has been asked for since, or it was confirmed."""
    row = work.session.get(Contact, case.id)
    if row is None or row.mark != mark or row.confirmed_at is not None:
        return False
    row.confirmed_at = work.now
    return True


def news(work: Work, case: Case) -> None:
    """There is news for the family: one mail, however much there is until it goes out."""
    row = work.session.get(Contact, case.id)
    if row is None or row.confirmed_at is None:
        return
    waiting = select(FamilyMail.id).where(
        FamilyMail.case_id == case.id, FamilyMail.kind == "news", FamilyMail.state == "due"
    )
    if work.session.scalar(waiting.limit(1)) is None:
        _due(work, case, "news")
        work.session.flush()


def forget(work: Work, case_id: str) -> None:
    """Nothing more is mailed for this case, and no earlier code counts."""
    work.session.execute(delete(FamilyMail).where(FamilyMail.case_id == case_id))
    work.session.execute(delete(Contact).where(Contact.case_id == case_id))


def _due(work: Work, case: Case, kind: str) -> FamilyMail:
    mail = FamilyMail(
        id=random_id(), case_id=case.id, kind=kind, state="due", tries=0, made_at=work.now, next_at=work.now
    )
    work.session.add(mail)
    return mail
