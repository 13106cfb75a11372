"""The changes as an Atom feed: an entry for what is live, a tombstone (RFC 6721) for what has ended since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from services.alerts import atom
from services.alerts.feed import TERMS
from services.alerts.geojson import iso
from services.alerts.models import Change
from services.alerts.store import Published
from shared import cap
from shared.addresses import Addresses

DELETED = "http://purl.org/atompub/tombstones/1.0"
ENDED = "This alert has ended. Please remove it."


@dataclass(frozen=True)
class Changes:
    """A page of changes, oldest first, and the alerts that they are of. `next_url` is where to go on: now if there are
    `more`, else when they are next looked for."""

    rows: Sequence[Change]
    alerts: Mapping[str, Published]
    checked: datetime
    cursor: str
    more: bool
    self_url: str
    next_url: str


def feed(page: Changes, where: Addresses) -> bytes:
    """Each alert once, by its newest change in the page, as it stands now."""
    root = etree.Element(f"{{{atom.ATOM}}}feed", nsmap=atom.NAMESPACES | {"at": DELETED})
    atom.say(root, "id", f"{where.base}/v1/changes.atom")
    atom.say(root, "title", "Changes")
    atom.say(root, "updated", iso(max((row.at for row in page.rows), default=page.checked)))
    atom.link(root, "self", page.self_url, atom.MEDIA_TYPE)
    atom.link(root, "next" if page.more else "monitor", page.next_url, atom.MEDIA_TYPE)
    atom.author(root, where)
    atom.say(root, "rights", TERMS)
    etree.SubElement(root, f"{{{atom.HOMEWARD}}}checked").text = iso(page.checked)
    etree.SubElement(root, f"{{{atom.HOMEWARD}}}cursor").text = page.cursor
    newest = {row.alert_id: row for row in page.rows}
    for id_ in sorted(newest, key=lambda one: newest[one].seq, reverse=True):
        _step(root, page.alerts[id_], where)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _step(root: etree._Element, item: Published, where: Addresses) -> None:
    if item.content is not None:
        root.append(atom.entry(item, item.content, where))
        return
    stone = etree.SubElement(root, f"{{{DELETED}}}deleted-entry")
    stone.set("ref", atom.entry_id(item.alert.id))
    stone.set("when", iso(item.changed_at))
    etree.SubElement(stone, f"{{{DELETED}}}comment").text = ENDED
    if item.state == "cancelled":
        atom.link(stone, "related", where.cap(item.alert.id), cap.MEDIA_TYPE)
