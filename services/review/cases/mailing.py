"""Sends each mail to a family that is due. Nothing in it says who, what or where: others may read it too."""

import smtplib
from dataclasses import dataclass

from sqlalchemy import select

from services.review import mail
from services.review.cases import store
from services.review.cases.letter_models import FamilyMail
from services.review.cases.models import Case
from services.review.content import key_of, open_text
from services.review.oncall.rules import next_try
from services.review.tools import Tools
from shared import contactcode
from shared.errors import ConfigError

EVERY_S = 10.0
AT_ONCE = 20

CONFIRM: dict[str, tuple[str, str]] = {
    "en": (
        "Homeward: please confirm this address",
        "Somebody gave this address to be told when there is news.\n\n"
        "If it was you, please confirm it here:\n{link}\n\n"
        "Or type this code on your page: {code}\n\nIf it was not you, do nothing. Nobody writes to you again.\n",
    ),
    "zh": (
        "Homeward：请确认此邮箱",
        "有人留下此邮箱，以便在有新消息时收到通知。\n\n如果是您本人，请在此确认：\n{link}\n\n"
        "或在您的页面上输入此代码：{code}\n\n如果不是您，请不要理会，我们不会再写信给您。\n",
    ),
}
NEWS: dict[str, tuple[str, str]] = {
    "en": (
        "Homeward: there is news",
        "There is news for you. To read it, open this page and type your tracking code:\n{link}\n\n"
        "This mail says no more, since others may read it.\n",
    ),
    "zh": (
        "Homeward：有新消息",
        "有给您的新消息。请打开此页面并输入您的查询码阅读：\n{link}\n\n邮件可能被他人看到，因此这里不写更多内容。\n",
    ),
}


@dataclass(frozen=True)
class Due:
    """A mail that is to go out now; `address` None: there is nobody to write to any more."""

    id: str
    address: str | None
    subject: str
    text: str


def send_due(tools: Tools) -> int:
    """Tries each mail that is due; answers how many went out. Two workers may send one twice, none leaves it out."""
    sent = 0
    for due in _due(tools):
        fault = _try(tools, due) if due.address else None
        _note(tools, due, fault)
        sent += fault is None and due.address is not None
    return sent


def _due(tools: Tools) -> list[Due]:
    session, now = tools.room.bus.db.session(), tools.room.clock()
    query = select(FamilyMail, Case).join(Case, FamilyMail.case_id == Case.id)
    query = query.where(FamilyMail.state == "due", FamilyMail.next_at <= now).order_by(FamilyMail.next_at)
    found = [_written(tools, row, case) for row, case in session.execute(query.limit(AT_ONCE))]
    session.rollback()
    return found


def _written(tools: Tools, row: FamilyMail, case: Case) -> Due:
    details, settings = store.opened(tools, case), tools.room.settings
    language = case.language if case.language in NEWS else "en"
    door = settings.public_url("ingest")
    if row.kind == "confirm" and row.code and details:
        code = open_text(key_of(tools.room.keys, case), row.code, f"mail {row.id}")
        subject, text = CONFIRM[language]
        text = text.format(link=f"{door}/confirm?code={code}&lang={language}", code=contactcode.grouped(code))
    else:
        subject, text = NEWS[language]
        text = text.format(link=f"{door}/case?lang={language}")
    drill = {"en": "Exercise: ", "zh": "演习："}[language] if settings.exercise else ""
    return Due(row.id, details.reporter.email if details else None, drill + subject, text)


def _try(tools: Tools, due: Due) -> str | None:
    """None if the mail went out, else what was wrong."""
    try:
        mail.send(tools.room.settings, str(due.address), due.subject, due.text)
    except (ConfigError, OSError, ValueError, smtplib.SMTPException) as error:
        return type(error).__name__
    return None


def _note(tools: Tools, due: Due, fault: str | None) -> None:
    with tools.room.bus.work() as work:
        row = work.session.get(FamilyMail, due.id, with_for_update=True)
        if row is None or row.state != "due":
            return
        row.tries += 1
        again = next_try(work.now, row.tries)
        row.fault = fault
        row.state = "dropped" if due.address is None else "sent" if fault is None else "due" if again else "failed"
        row.next_at = again or work.now
        if row.state != "due":
            row.code = None
