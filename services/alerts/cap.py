"""CAP 1.2 (OASIS, 2010): the message that is frozen at publication, and its Cancel, which names nobody."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from services.alerts.addresses import Addresses
from services.alerts.models import Rendition
from services.alerts.rules import MsgType, cap_time
from services.alerts.xml import legal
from shared.messages import AlertContent, AlertText, CapStatus, EventCode

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
EVENTS: dict[EventCode, dict[str, str]] = {
    "MEP": {"en": "Missing child", "zh": "儿童失踪"},
    "CAE": {"en": "Child abduction", "zh": "儿童被拐"},
}
TAGS = {"en": "en", "zh": "zh-Hans"}
ENDED = {
    "en": ("This alert has ended", "This alert has ended. Please remove it and do not share it any more."),
    "zh": ("此警报已结束", "此警报已结束。请将其删除，不要继续传播。"),
}


@dataclass(frozen=True)
class Head:
    """The part of a CAP message that says which message it is."""

    identifier: str
    sent: datetime
    status: CapStatus
    msg_type: MsgType
    references: str


def alert(head: Head, content: AlertContent, photos: tuple[Rendition, ...], where: Addresses, alert_id: str) -> bytes:
    """The bytes of an Alert or an Update, one `info` a language."""
    root = _root(head, where.sender)
    for text in content.texts:
        info = _info(root, text.language, content.event_code, head.sent, content.expires)
        _say(info, "headline", text.headline)
        _say(info, "description", text.description)
        if text.instruction:
            _say(info, "instruction", text.instruction)
        _say(info, "web", where.page(alert_id))
        _say(info, "contact", content.contact)
        for photo in photos:
            _resource(info, photo, text, where, alert_id)
        _area(info, text.area_desc, content)
    return _bytes(root)


def cancel(head: Head, content: AlertContent, where: Addresses, alert_id: str, area_names: dict[str, str]) -> bytes:
    """The bytes of a Cancel: the same category, event and area, and not a word that an officer wrote.

    `area_names` is what the area is called in each language.
    """
    root = _root(head, where.sender)
    for text in content.texts:
        headline, description = ENDED[text.language]
        info = _info(root, text.language, content.event_code, head.sent, content.expires)
        _say(info, "headline", headline)
        _say(info, "description", description)
        _say(info, "web", where.page(alert_id))
        _area(info, area_names[text.language], content)
    return _bytes(root)


def _root(head: Head, sender: str) -> etree._Element:
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _say(root, "identifier", head.identifier)
    _say(root, "sender", sender)
    _say(root, "sent", cap_time(head.sent))
    _say(root, "status", head.status)
    _say(root, "msgType", head.msg_type)
    _say(root, "scope", "Public")
    if head.references:
        _say(root, "references", head.references)
    return root


def _info(root: etree._Element, language: str, event: EventCode, sent: datetime, expires: datetime) -> etree._Element:
    info = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _say(info, "language", TAGS[language])
    _say(info, "category", "Rescue")
    _say(info, "event", EVENTS[event][language])
    _say(info, "responseType", "Monitor")
    _say(info, "urgency", "Immediate")
    _say(info, "severity", "Severe")
    _say(info, "certainty", "Observed")
    _pair(info, "eventCode", "SAME", event)
    _say(info, "effective", cap_time(sent))
    _say(info, "expires", cap_time(max(expires, sent)))
    return info


def _resource(info: etree._Element, photo: Rendition, text: AlertText, where: Addresses, alert_id: str) -> None:
    resource = etree.SubElement(info, f"{{{NAMESPACE}}}resource")
    _say(resource, "resourceDesc", photo.alt.get(text.language) or text.headline)
    _say(resource, "mimeType", "image/jpeg")
    _say(resource, "size", str(photo.size))
    _say(resource, "uri", where.photo(alert_id, photo.id))
    _say(resource, "digest", photo.sha1)


def _area(info: etree._Element, description: str, content: AlertContent) -> None:
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _say(area, "areaDesc", description)
    _say(area, "circle", f"{content.lat:.5f},{content.lon:.5f} {content.radius_km:g}")
    for code in content.regions:
        _pair(area, "geocode", "ISO 3166-2" if "-" in code else "ISO 3166-1", code)


def _pair(parent: etree._Element, name: str, kind: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    _say(pair, "valueName", kind)
    _say(pair, "value", value)


def _say(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = legal(text)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
