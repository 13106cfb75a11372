"""CAP 1.2 (OASIS, 2010): the message that is frozen at publication, and its Cancel, which names nobody.

The alerts room publishes it; the police desk previews it with the same code.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from lxml import etree

from shared.addresses import Addresses
from shared.geo import closed
from shared.messages import AlertContent, AlertText, CapStatus, EventCode
from shared.xml import legal

MsgType = Literal["Alert", "Update", "Cancel"]

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
EVENTS: dict[EventCode, dict[str, str]] = {
    "MEP": {"en": "Missing child", "zh": "儿童失踪"},
    "CAE": {"en": "Child abduction", "zh": "儿童被拐"},
}
_ISO = re.compile(r"(?!XX|XZ)[A-Z]{2}(-[A-Z0-9]{1,3})?")
TAGS = {"en": "en", "zh": "zh-Hans"}
ENDED = {
    "en": ("This alert has ended", "This alert has ended. Please remove it and do not share it any more."),
    "zh": ("此警报已结束", "此警报已结束。请将其删除，不要继续传播。"),
}


class Picture(Protocol):
    """What CAP says of a photo: bytes, SHA-1, its description by language."""

    id: str
    size: int
    sha1: str
    alt: dict[str, str]


@dataclass(frozen=True)
class Head:
    """The part of a CAP message that says which message it is."""

    identifier: str
    sent: datetime
    status: CapStatus
    msg_type: MsgType
    references: str


def alert(head: Head, content: AlertContent, photos: Sequence[Picture], where: Addresses, alert_id: str) -> bytes:
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


def identifier(sender: str, alert_id: str, number: int) -> str:
    """Unique for ever, and without what CAP forbids: `<sender>.<alert>.<number of the message>`."""
    return f"{sender}.{alert_id}.{number}"


def cap_time(moment: datetime) -> str:
    """CAP's form of a time: whole seconds, a numeric offset, UTC as `-00:00` (CAP 1.2, 3.3.2)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + "-00:00"


@dataclass(frozen=True)
class Sent:
    """A published message as others refer to it."""

    identifier: str
    sent: datetime
    expires: datetime


def references(sender: str, earlier: Iterable[Sent], now: datetime) -> str:
    """`sender,identifier,sent` of every related message that has not expired, white-space separated."""
    return " ".join(f"{sender},{each.identifier},{cap_time(each.sent)}" for each in earlier if each.expires > now)


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


def _resource(info: etree._Element, photo: Picture, text: AlertText, where: Addresses, alert_id: str) -> None:
    resource = etree.SubElement(info, f"{{{NAMESPACE}}}resource")
    _say(resource, "resourceDesc", photo.alt.get(text.language) or text.headline)
    _say(resource, "mimeType", "image/jpeg")
    _say(resource, "size", str(photo.size))
    _say(resource, "uri", where.photo(alert_id, photo.id))
    _say(resource, "digest", photo.sha1)


def _area(info: etree._Element, description: str, content: AlertContent) -> None:
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _say(area, "areaDesc", description)
    if content.polygon:
        _say(area, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lat, lon in closed(content.polygon)))
    else:
        _say(area, "circle", f"{content.lat:.5f},{content.lon:.5f} {content.radius_km:g}")
    for code in content.regions:
        _pair(area, "geocode", _list_of(code), code)


def _list_of(code: str) -> str:
    """What a region's code is taken from: of an operator's own, from nobody's list but ours."""
    if not _ISO.fullmatch(code):
        return "Homeward region"
    return "ISO 3166-2" if "-" in code else "ISO 3166-1"


def _pair(parent: etree._Element, name: str, kind: str, value: str) -> None:
    pair = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    _say(pair, "valueName", kind)
    _say(pair, "value", value)


def _say(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = legal(text)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
