"""Publishes an alert's next CAP message: signed, frozen, noted as a change, and told to the police desk."""

from collections.abc import Sequence

from services.alerts import rules, store
from services.alerts.deliver.reach import touched
from services.alerts.models import Alert, CapMessage, Rendition
from services.alerts.signature import signed
from services.alerts.tools import Tools
from services.alerts.words import area_names
from shared import cap
from shared.addresses import Addresses
from shared.bus import Work
from shared.cap import MsgType
from shared.certificate import load_pair
from shared.messages import AlertContent, AlertPublished

KINDS: dict[MsgType, str] = {"Alert": "published", "Update": "amended", "Cancel": "cancelled"}


def publish(
    work: Work,
    tools: Tools,
    alert: Alert,
    content: AlertContent,
    msg_type: MsgType,
    pictures: Sequence[Rendition],
    widened_km: float | None = None,
) -> CapMessage:
    """The message after those before it, with references to all of them that have not expired. `widened_km`: nobody
    asked for it but the hour."""
    where = Addresses(tools.room.settings.public_url("alerts"), tools.room.settings.sender)
    earlier = store.messages(work.session, alert.id)
    sent = rules.sent_at(work.now, earlier[-1].sent if earlier else None)
    told = [cap.Sent(each.identifier, each.sent, each.expires) for each in earlier]
    alert.messages += 1
    identifier = cap.identifier(where.sender, alert.id, alert.messages)
    head = cap.Head(identifier, sent, content.status, msg_type, cap.references(where.sender, told, sent))
    if msg_type == "Cancel":
        document = cap.cancel(head, content, where, alert.id, area_names(tools.regions, content))
    else:
        document = cap.alert(head, content, pictures, where, alert.id)
    document = signed(document, load_pair(tools.room.settings.home / "keys"))
    row = CapMessage(
        identifier=identifier, alert_id=alert.id, number=alert.messages, msg_type=msg_type, sent=sent,
        expires=content.expires, references=head.references, document=document,
    )  # fmt: skip
    alert.changed_at = sent
    work.session.add(row)
    regions = touched(work.session, alert.id, content, tools.borders, ended=msg_type == "Cancel")
    store.note(work.session, alert, KINDS[msg_type], sent, regions, identifier)
    work.publish(AlertPublished(alert.id, alert.version, identifier, msg_type, sent, widened_km))
    return row
