"""Which function answers which message."""

import functools
from collections.abc import Callable

from services.review.candidates import handlers as candidates
from services.review.cases import handlers as cases
from services.review.cases import letter_handlers as letters
from services.review.drafts import handlers as drafts
from services.review.removals import handlers as removals
from services.review.tools import Tools
from shared import messages as m
from shared.bus import Handler

HANDLERS: dict[type[m.Message], Callable[..., None]] = {
    m.ReportSubmitted: cases.report_submitted,
    m.ReportAmended: letters.report_amended,
    m.WithdrawalRequested: letters.withdrawal_requested,
    m.ContactConfirmed: letters.contact_confirmed,
    m.RemovalRequested: removals.removal_requested,
    m.EnrolmentAsked: cases.enrolment_asked,
    m.EnrolCompleted: cases.enrol_completed,
    m.ForgetCompleted: cases.forget_completed,
    m.PackChanged: cases.pack_changed,
    m.SightingSubmitted: candidates.sighting_submitted,
    m.SearchAsked: candidates.search_asked,
    m.SearchCompleted: candidates.search_completed,
    m.SearchRefused: candidates.search_refused,
    m.AlertPublished: drafts.alert_published,
    m.AlertExpired: drafts.alert_expired,
}


def bound(tools: Tools) -> dict[type[m.Message], Handler]:
    """The table with `tools` in each handler's hand, as the bus calls them."""
    return {kind: functools.partial(handler, tools=tools) for kind, handler in HANDLERS.items()}
