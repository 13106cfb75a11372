"""Sends each call that is due: by e-mail or to a webhook. It says that something waits and where, and names nobody.

The words are in both languages: whoever is woken need not choose one first.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime

import requests
from sqlalchemy import select

from services.review import mail
from services.review.oncall import rules
from services.review.oncall.models import Call, OnCall, Page
from services.review.tools import Tools
from shared.config import Settings
from shared.errors import ConfigError

AT_ONCE = 20
TIMEOUT_S = 10

SAID: dict[str, tuple[str, str]] = {
    "in_danger": ("A child was seen, perhaps in danger", "有人看到一名可能处于危险中的儿童"),
    "very_strong": ("A sighted child resembles a missing one very strongly", "被目击的儿童与失踪儿童非常相像"),
    "report_waits": ("A report has waited too long", "一份报告已等待过久"),
    "candidate_waits": ("A candidate has waited too long", "一名候选已等待过久"),
    "removal_waits": ("A request for removal has waited for half of its time", "一份移除请求已等待过半时限"),
    "alert_waits": ("An alert has waited too long for its approval", "一则警报等待批准已过久"),
}
PLACES = {
    "in_danger": "/sightings#{0}",
    "report_waits": "/cases/{0}",
    "alert_waits": "/drafts/{0}",
    "removal_waits": "/removals/{0}",
}
"""Where on the desk it stands; candidates by default."""


@dataclass(frozen=True)
class Due:
    """A call that is to be made now."""

    page_id: str
    on_call_id: str
    address: str
    why: str
    subject_id: str
    region: str | None
    at: datetime


def send_due(tools: Tools) -> int:
    """Tries each call that is due; answers how many went out. Two workers may send one twice, none leaves it out."""
    sent = 0
    for due in _due(tools):
        fault = _try(tools.room.settings, due)
        _note(tools, due, fault)
        sent += fault is None
    return sent


def _due(tools: Tools) -> list[Due]:
    session, now = tools.room.bus.db.session(), tools.room.clock()
    query = select(Call, Page, OnCall).join(Page, Call.page_id == Page.id).join(OnCall, Call.on_call_id == OnCall.id)
    rows = session.execute(query.where(Call.state == "due", Call.next_at <= now).order_by(Call.next_at).limit(AT_ONCE))
    found = [
        Due(page.id, person.id, person.address, page.why, page.subject_id, page.region, page.made_at)
        for _call, page, person in rows
    ]
    session.rollback()
    return found


def _try(settings: Settings, due: Due) -> str | None:
    """None if the page went out, else what was wrong."""
    try:
        _send(settings, due)
    except (ConfigError, OSError, smtplib.SMTPException, requests.RequestException) as error:
        return type(error).__name__
    return None


def _send(settings: Settings, due: Due) -> None:
    link = settings.public_url("review") + PLACES.get(due.why, "/candidates/{0}").format(due.subject_id)
    english, chinese = SAID[due.why]
    drill = "Exercise 演习: " if settings.exercise else ""
    if rules.is_mail(due.address):
        text = f"{english}.\n{chinese}。\n\n{due.region or '-'}, {due.at:%Y-%m-%d %H:%M} UTC\n{link}\n"
        mail.send(settings, due.address, f"{drill}Homeward: {english}", text)
        return
    body = {
        "why": due.why, "said": english, "region": due.region, "at": due.at.isoformat(), "link": link,
        "page": due.page_id, "exercise": settings.exercise,
    }  # fmt: skip
    answer = requests.post(due.address, json=body, timeout=TIMEOUT_S, allow_redirects=False)
    if not 200 <= answer.status_code < 300:
        raise requests.HTTPError(f"it answered {answer.status_code}")


def _note(tools: Tools, due: Due, fault: str | None) -> None:
    with tools.room.bus.work() as work:
        call = work.session.get(Call, (due.page_id, due.on_call_id), with_for_update=True)
        if call is None or call.state != "due":
            return
        call.tries += 1
        again = rules.next_try(work.now, call.tries)
        call.fault = fault
        call.state = "sent" if fault is None else "due" if again else "failed"
        call.next_at = again or work.now
