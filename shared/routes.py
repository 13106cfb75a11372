"""Which message may go from whom to whom. All else is refused, recorded and kept.

There is no route by which a search result could reach the families' door or a feed.
"""

from shared import messages as m

ROOMS = ("ingest", "review", "matcher", "alerts")

ROUTES: dict[type[m.Message], tuple[str, str]] = {
    m.ReportSubmitted: ("ingest", "review"),
    m.SightingSubmitted: ("ingest", "review"),
    m.ReportAmended: ("ingest", "review"),
    m.WithdrawalRequested: ("ingest", "review"),
    m.RemovalRequested: ("ingest", "review"),
    m.ContactConfirmed: ("ingest", "review"),
    m.EnrolmentAsked: ("review", "review"),
    m.SearchAsked: ("review", "review"),
    m.EnrolRequested: ("review", "matcher"),
    m.SearchRequested: ("review", "matcher"),
    m.ProbeClosed: ("review", "matcher"),
    m.ForgetRequested: ("review", "matcher"),
    m.EnrolCompleted: ("matcher", "review"),
    m.SearchCompleted: ("matcher", "review"),
    m.SearchRefused: ("matcher", "review"),
    m.ForgetCompleted: ("matcher", "review"),
    m.PackChanged: ("matcher", "review"),
    m.AlertApproved: ("review", "alerts"),
    m.AlertAmended: ("review", "alerts"),
    m.AlertCancelled: ("review", "alerts"),
    m.AlertPublished: ("alerts", "review"),
    m.AlertExpired: ("alerts", "review"),
    m.CaseStatusChanged: ("review", "ingest"),
    m.FamilyMessageSent: ("review", "ingest"),
    m.ContactAsked: ("review", "ingest"),
}

FINAL: frozenset[type[m.Message]] = frozenset({m.ForgetRequested, m.AlertCancelled})
"""Messages that end their subject. They may pass one in trouble before them, and leave a tombstone: whatever of
that subject comes later is acknowledged and not applied."""


def queue_name(room: str) -> str:
    """The RQ queue that `room` reads."""
    return f"homeward-{room}"


def acknowledgements(room: str) -> tuple[str, ...]:
    """The rooms that `room` may acknowledge messages to: those that send it any."""
    return tuple(sorted({sender for sender, receiver in ROUTES.values() if receiver == room}))
