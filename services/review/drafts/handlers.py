"""What the alerts room's answers do: a version is noted as published, an alert as expired."""

from services.review import audit
from services.review.cases import family
from services.review.drafts import rules, store
from services.review.drafts.models import Draft, Widening
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.messages import AlertExpired, AlertPublished

ALERTS = "alerts"


def alert_published(message: AlertPublished, work: Work, tools: Tools) -> None:
    """Notes identifier and time; the family hears that the alert is live, or after a Cancel that it no longer is; of a
    Test it hears nothing."""
    for draft in store.of_alert(work.session, message.alert_id):
        if draft.version != message.version:
            continue
        if message.widened_km is not None:
            _widened(work, tools, draft, message, message.widened_km)
            continue
        if message.msg_type != "Cancel":
            draft.identifier, draft.sent_at = message.identifier, message.sent
        case = store.case_of(work.session, draft)
        fields = store.opened(work.session, tools, draft)
        if case.state == "registered" and not (fields and fields.test):
            live = draft.state == "live"
            family.tell_status(work, case, "alert_live" if live else None)
        text = f"{message.msg_type} {message.identifier}"
        audit.record(work, tools, ALERTS, "alert.published", Subject("draft", draft.id), text)


def _widened(work: Work, tools: Tools, draft: Draft, message: AlertPublished, km: float) -> None:
    """The family knows that the alert is live already."""
    work.session.add(Widening(identifier=message.identifier, draft_id=draft.id, radius_km=km, sent=message.sent))
    audit.record(work, tools, ALERTS, "alert.widened", Subject("draft", draft.id), f"{km:g} km, {message.identifier}")


def alert_expired(message: AlertExpired, work: Work, tools: Tools) -> None:
    """The live version's time is over; the case stays registered."""
    draft = store.live_version(work.session, message.alert_id)
    if draft is None:
        return
    draft.state, draft.changed_at = rules.next_state("live", "expire"), work.now
    case = store.case_of(work.session, draft)
    if case.state == "registered":
        family.tell_status(work, case)
    audit.record(work, tools, ALERTS, "alert.expired", Subject("draft", draft.id))
