"""Atom 1.0 (RFC 4287) with GeoRSS-Simple; each entry links its CAP message. Paging by RFC 5005."""

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from services.alerts.feed import Page
from services.alerts.geojson import iso
from services.alerts.store import Published
from shared.addresses import Addresses
from shared.geo import closed
from shared.messages import AlertContent
from shared.xml import legal

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
HOMEWARD = "urn:homeward:feed"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES = {None: ATOM, "georss": GEORSS, "hw": HOMEWARD}
_SAID = etree.tostring(etree.Element(f"{{{ATOM}}}entry", nsmap=NAMESPACES))[len("<entry") : -len("/>")]


def feed(page: Page, where: Addresses) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=NAMESPACES)
    root.set(LANG, page.language)
    say(root, "id", page.first_url)
    say(root, "title", page.title)
    say(root, "updated", iso(page.updated or page.checked))
    link(root, "self", page.self_url, MEDIA_TYPE)
    if page.hub_url:
        link(root, "hub", page.hub_url, "")
    link(root, "alternate", page.home_url, "text/html")
    for rel, url in (("first", page.first_url), ("next", page.next_url), ("previous", page.previous_url)):
        if url:
            link(root, rel, url, MEDIA_TYPE)
    author(root, where)
    say(root, "rights", page.terms)
    etree.SubElement(root, f"{{{HOMEWARD}}}checked").text = iso(page.checked)
    entries = [_made(item, item.content, where) for item in page.items if item.content]
    return joined(etree.tostring(root, xml_declaration=True, encoding="UTF-8"), entries)


def joined(feed: bytes, entries: Iterable[bytes]) -> bytes:
    """A feed, with its entries, which are XML already, at its end."""
    begun, end, _ = feed.rpartition(b"</feed>")
    return b"".join((begun, *entries, end))


def _made(item: Published, content: AlertContent, where: Addresses) -> bytes:
    """An alert's entry: made once, and the same bytes in every feed, which has said its namespaces."""
    made: bytes = item.once("atom", lambda: etree.tostring(entry(item, content, where)).replace(_SAID, b"", 1))
    return made


def entry(item: Published, content: AlertContent, where: Addresses) -> etree._Element:
    """An alert's entry."""
    first, *_ = content.texts
    made = etree.Element(f"{{{ATOM}}}entry", nsmap=NAMESPACES)
    made.set(LANG, first.language)
    say(made, "id", entry_id(item.alert.id))
    say(made, "title", first.headline)
    _times(made, item.alert.first_sent, item.changed_at)
    author(made, where)
    link(made, "alternate", where.page(item.alert.id), "text/html")
    link(made, "related", where.cap(item.alert.id), "application/cap+xml")
    for photo in item.photos[:1]:
        link(made, "enclosure", where.photo(item.alert.id, photo.id), "image/jpeg", str(photo.size))
    say(made, "summary", "\n\n".join(filter(None, (first.description, first.instruction, content.contact))))
    for term in (item.alert.status, *content.regions):
        etree.SubElement(made, f"{{{ATOM}}}category").set("term", term)
    etree.SubElement(made, f"{{{GEORSS}}}point").text = f"{content.lat:.5f} {content.lon:.5f}"
    kind, places = ("polygon", _polygon(content)) if content.polygon else ("circle", _circle(content))
    etree.SubElement(made, f"{{{GEORSS}}}{kind}").text = places
    return made


def entry_id(alert_id: str) -> str:
    """The same in every feed, for ever."""
    return f"urn:homeward:alert:{alert_id}"


def _circle(content: AlertContent) -> str:
    """GeoRSS-Simple: latitude, longitude, radius in metres."""
    return f"{content.lat:.5f} {content.lon:.5f} {content.radius_km * 1000:.0f}"


def _polygon(content: AlertContent) -> str:
    """GeoRSS-Simple: latitudes and longitudes of the corners, the first again at the end."""
    return " ".join(f"{lat:.6f} {lon:.6f}" for lat, lon in closed(content.polygon))


def _times(entry: etree._Element, published: datetime, updated: datetime) -> None:
    say(entry, "published", iso(published))
    say(entry, "updated", iso(updated))


def author(parent: etree._Element, where: Addresses) -> None:
    say(etree.SubElement(parent, f"{{{ATOM}}}author"), "name", where.sender)


def link(parent: etree._Element, rel: str, href: str, type_: str, length: str = "") -> None:
    element = etree.SubElement(parent, f"{{{ATOM}}}link")
    for name, value in (("rel", rel), ("href", href), ("type", type_), ("length", length)):
        if value:
            element.set(name, value)


def say(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = legal(text)
