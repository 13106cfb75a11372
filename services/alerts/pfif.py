"""PFIF 1.4 (People Finder Interchange Format, 2012): a person for each alert, with a note that asks for information.

An alert that has ended is a placeholder: of a person whose time is over only the id and three dates remain (PFIF 1.4,
"Data expiry mechanism"), so that whoever holds a copy erases it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from services.alerts.store import Published
from shared.addresses import Addresses
from shared.messages import AlertContent
from shared.xml import legal

MEDIA_TYPE = "application/xml"
NAMESPACE = "http://zesty.ca/pfif/1.4"
WITHHELD = "(name withheld)"
SEXES = {"female": "female", "male": "male"}
"""PFIF's third word, "other", is not "unknown", which is said by silence."""


def feed(items: Sequence[Published], where: Addresses) -> bytes:
    """The document of these alerts: those that have ended as placeholders."""
    root = etree.Element(f"{{{NAMESPACE}}}pfif", nsmap={"pfif": NAMESPACE})
    for item in items:
        person = etree.SubElement(root, f"{{{NAMESPACE}}}person")
        _say(person, "person_record_id", f"{where.sender}/{item.alert.id}")
        _say(person, "entry_date", pfif_time(item.changed_at))
        if item.content is None:
            _placeholder(person, item)
        else:
            _person(person, item, item.content, where)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def pfif_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _placeholder(person: etree._Element, item: Published) -> None:
    _say(person, "expiry_date", pfif_time(min(item.alert.expires, item.changed_at)))
    _say(person, "source_date", pfif_time(item.changed_at))


def _person(person: etree._Element, item: Published, content: AlertContent, where: Addresses) -> None:
    first, *_ = content.texts
    _say(person, "expiry_date", pfif_time(content.expires))
    _say(person, "author_name", where.sender)
    _say(person, "source_name", where.sender)
    _say(person, "source_date", pfif_time(item.latest.sent))
    _say(person, "source_url", where.page(item.alert.id))
    _say(person, "full_name", content.child_name or WITHHELD)
    _say(person, "description", "\n\n".join(filter(None, (first.headline, first.description))))
    if content.sex in SEXES:
        _say(person, "sex", SEXES[content.sex])
    _say(person, "age", str(content.age_when_last_seen))
    for photo in item.photos[:1]:
        _say(person, "photo_url", where.photo(item.alert.id, photo.id))
    _note(person, item, content, where)


def _note(person: etree._Element, item: Published, content: AlertContent, where: Addresses) -> None:
    note = etree.SubElement(person, f"{{{NAMESPACE}}}note")
    _say(note, "note_record_id", f"{where.sender}/{item.alert.id}.note")
    _say(note, "person_record_id", f"{where.sender}/{item.alert.id}")
    _say(note, "entry_date", pfif_time(item.changed_at))
    _say(note, "author_name", where.sender)
    _say(note, "source_date", pfif_time(item.latest.sent))
    _say(note, "author_made_contact", "false")
    _say(note, "status", "information_sought")
    _say(note, "last_known_location", content.last_seen_place)
    words = (content.texts[0].instruction, content.contact, f"{item.alert.status}: {where.cap(item.alert.id)}")
    _say(note, "text", "\n\n".join(filter(None, words)))


def _say(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = legal(text)
