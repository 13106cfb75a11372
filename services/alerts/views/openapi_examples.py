"""Examples for the OpenAPI document: an invented alert, written by the very code that writes the feeds."""

import functools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from services.alerts import atom, geojson, jsonfeed, pfif
from services.alerts.feed import Page
from services.alerts.store import Head, Latest, Picture, Published
from shared import cap
from shared.addresses import Addresses
from shared.messages import AlertContent, AlertText

SENT = datetime(2026, 11, 24, 9, tzinfo=UTC)
ID = "k3q7x2v5n4m6p2r7t5w3y6z2ab"
WHERE = Addresses("https://alerts.example.org", "homeward.example")
TEXT = AlertText("en", "EXERCISE: Alva, 9, is missing", "Last seen at a tram stop.", "Call 112.", "Västra Götaland")


@functools.cache
def of(media_type: str) -> Any:
    """An example of a body: an object for JSON, text for the rest."""
    return _EXAMPLES[media_type]()


def _content() -> AlertContent:
    return AlertContent(
        status="Exercise", event_code="MEP", texts=(TEXT,), contact="Police, 112", child_name="Alva",
        age_when_last_seen=9, sex="female", last_seen_at=SENT - timedelta(hours=3), last_seen_place="Järntorget",
        lat=57.7, lon=11.95, radius_km=30.0, regions=("SE-O",), effective=SENT, expires=SENT + timedelta(days=1),
        photos=(), polygon=((57.6, 11.8), (57.6, 12.1), (57.8, 12.1)),
    )  # fmt: skip


def _item() -> Published:
    picture = Picture(f"{ID[:-1]}c", 0, 960, 1200, 91_234, {"en": "The child"}, "Police")
    latest = Latest(cap.identifier(WHERE.sender, ID, 1), "Alert", SENT)
    return Published(Head(ID, "Exercise", SENT, SENT + timedelta(days=1)), "live", SENT, latest, _content(), (picture,))


def _page() -> Page:
    url = f"{WHERE.base}/v1/regions/SE-O/alerts?status=exercise"
    return Page(
        "EXERCISE: Missing children: Västra Götaland", (_item(),), SENT, SENT, url, url, WHERE.base, None, None, "en"
    )


def _cap() -> str:
    head = cap.Head(cap.identifier(WHERE.sender, ID, 1), SENT, "Exercise", "Alert", "")
    return cap.alert(head, _content(), (), WHERE, ID).decode()


_EXAMPLES: dict[str, Any] = {
    geojson.MEDIA_TYPE: lambda: json.loads(geojson.feed(_page(), WHERE)),
    jsonfeed.MEDIA_TYPE: lambda: json.loads(jsonfeed.feed(_page(), WHERE)),
    atom.MEDIA_TYPE: lambda: atom.feed(_page(), WHERE).decode(),
    pfif.MEDIA_TYPE: lambda: pfif.feed([_item()], WHERE).decode(),
    cap.MEDIA_TYPE: _cap,
    "application/x-pem-file": lambda: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n",
    "application/json": lambda: {"checked": "2026-11-24T09:00:00Z"},
    "application/problem+json": lambda: {
        "type": "about:blank", "title": "We could not read this request", "status": 400,
        "detail": "A radius needs a point.",
        "errors": [{"pointer": "#/radius_km", "parameter": "radius_km", "detail": "A radius needs a point."}],
    },
}  # fmt: skip
