"""The families' JSON keeps to its document: Schemathesis finds no failure of the server and nothing undocumented."""

import json
from io import BytesIO
from typing import Any

import promised
import pytest
from familydoor import REPORT as VALID
from familydoor import portrait
from flask import Flask
from schemathesis import GenerationMode
from schemathesised import MODES, Asking, operations

from services.ingest.app import create_app
from services.ingest.views.described import EXAMPLES, description
from services.prepare import migrate_room
from shared.config import Settings

LABELS = ("GET /api/v1/case", "POST /api/v1/reports", "POST /api/v1/sightings")


@pytest.fixture
def door(settings: Settings) -> Flask:
    migrate_room(settings, "ingest")
    app = create_app(settings)
    promised.watch(app, description)
    return app


def report(app: Flask) -> str:
    """A tracking code."""
    parts: dict[str, Any] = {"report": json.dumps(VALID), "photos": (BytesIO(portrait()), "me.jpg")}
    return str(app.test_client().post("/api/v1/reports", data=parts).get_json()["tracking_code"])


@pytest.mark.parametrize("mode", MODES, ids=["that_fits", "that_does_not"])
def test_whatever_is_sent_is_answered_as_promised(door: Flask, mode: GenerationMode) -> None:
    bearer = {"Authorization": f"Bearer {report(door)}"}
    asking = Asking(("family", "nobody"), lambda one: (door.test_client(), bearer if one == "family" else {}))
    assert {each.label: asking.faults(each, mode) for each in operations(door)} == {label: [] for label in LABELS}


def test_what_a_good_report_is_answered_is_promised_too(door: Flask) -> None:
    answer = door.test_client().get("/api/v1/case", headers={"Authorization": f"Bearer {report(door)}"})
    assert (answer.status_code, answer.get_json()["status"]) == (200, "received")


def test_the_documents_page_needs_no_script(door: Flask) -> None:
    page = door.test_client().get("/api/v1/docs").get_data(as_text=True)
    assert "/api/v1/sightings" in page
    assert "<script" not in page


def test_every_example_can_be_sent() -> None:
    assert [kind.validate(example) for kind, example in EXAMPLES.items()] == [{}, {}]
