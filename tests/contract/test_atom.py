"""Atom 1.0 with GeoRSS and RFC 5005, read by feedparser and lxml."""

import json

import feedparser
import pytest
from alertsroom import AlertsRoom
from builders import CHILD
from lxml import etree

from shared.config import Settings
from shared.messages import AlertText

ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}


@pytest.fixture
def room(settings: Settings) -> AlertsRoom:
    return AlertsRoom(settings)


def local(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def links(room: AlertsRoom, path: str) -> dict[str, str]:
    found = etree.fromstring(room.door.get(path).data).findall("a:link", ATOM)
    return {str(link.get("rel")): str(link.get("href")) for link in found}


def test_atom_is_read_by_feedparser_and_has_what_rfc_4287_asks_for(room: AlertsRoom) -> None:
    room.approve()
    answer = room.door.get("/v1/alerts.atom")
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == f"{CHILD} is missing"
    assert [link.type for link in entry.links if link.rel == "related"] == ["application/cap+xml"]
    root = etree.fromstring(answer.data)
    for part in (root, root.find("a:entry", ATOM)):
        assert part is not None
        assert all(part.findtext(f"a:{name}", namespaces=ATOM) for name in ("id", "title", "updated"))
        assert part.find("a:author/a:name", ATOM) is not None
    assert len(root.findall("a:link[@rel='self']", ATOM)) == 1
    assert root.findtext("a:entry/g:point", namespaces=ATOM) == "57.70000 11.95000"
    assert root.findtext("a:entry/g:circle", namespaces=ATOM) == "57.70000 11.95000 30000"


def test_pages_lead_forward_and_back_and_are_one_feed(room: AlertsRoom) -> None:
    for number in range(5):
        room.approve(f"a{number}", photos=())
        room.later(seconds=1)
    walked = [links(room, "/v1/alerts.atom?limit=2")]
    while "next" in walked[-1]:
        walked.append(links(room, local(walked[-1]["next"])))
    assert [("previous" in page, "next" in page) for page in walked] == [(False, True), (True, True), (True, False)]
    assert [page["previous"] for page in walked[1:]] == [page["self"] for page in walked[:-1]]
    assert len({page["self"] for page in walked}) == 3
    assert len({page["first"] for page in walked}) == 1
    geojson = json.loads(room.door.get(local(walked[1]["self"]).replace(".atom", ".geojson")).data)
    assert [feature["id"] for feature in geojson["features"]] == ["a2", "a1"]
    assert geojson["links"]["prev"].endswith("?limit=2")


def test_words_that_xml_cannot_write_break_no_feed(room: AlertsRoom) -> None:
    room.approve(texts=(AlertText("en", "a\x0b\x00b", "<b>&\ufffe", "", "A"),), contact="\x1b")
    (entry,) = feedparser.parse(room.door.get("/v1/alerts.atom").data).entries
    assert entry.title == "ab"


def test_an_entry_says_which_language_it_speaks(room: AlertsRoom) -> None:
    room.approve()
    entry = etree.fromstring(room.door.get("/v1/alerts.atom?lang=zh").data).find("a:entry", ATOM)
    assert entry is not None
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
