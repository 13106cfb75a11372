"""GET /api/v1/openapi.json, the door's JSON described for programs; /api/v1/docs, the same for people."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template

from services.ingest.views.api import REPORT, SIGHTING
from services.ingest.views.context import tools
from shared.openapi import About, Access, Json, untold
from shared.openapi_document import kept
from shared.openapi_page import prose, sections, shapes

pages = Blueprint("described", __name__, url_prefix="/api/v1")
pages.app_template_filter("prose")(prose)

_SAID = """Reports of missing children and sightings, for programs of partners: the same as the forms take.

What is sent is sealed to the police desk at once. The answer has a tracking code, which alone opens how it stands. Send
an `Idempotency-Key` (16 to 200 random characters) with a submission: sent twice, it is one.

Every refusal is problem+json (RFC 9457); `errors` has all that is to mend, each with a code and a JSON pointer."""

_SEEN = {"place": "Gare de Lyon", "lat": 48.8443, "lon": 2.3743}
EXAMPLES: dict[Any, Json] = {
    REPORT: {
        "child": {"name": "Lina Muster", "born": "2016-05-03", "sex": "female", "appearance": "a red coat"},
        "last_seen": {"at": "2026-11-24T15:30:00+01:00"} | _SEEN,
        "reporter": {"name": "Ada Muster", "relation": "mother", "phone": "+33 1 00 00 00 00"},
        "photos": [{"taken": "2026-06-01"}], "language": "en", "consent": True,
    },
    SIGHTING: {"seen_at": "2026-11-24T18:00:00+01:00", "note": "with an elderly man", "in_danger": False} | _SEEN,
}  # fmt: skip


@pages.get("/openapi.json")
@untold
def openapi() -> Response:
    return jsonify(description())


@pages.get("/docs")
@untold
def docs() -> str:
    found = description()
    return render_template("ingest/api.html", document=found, sections=sections(found), shapes=shapes(found))


def access(endpoint: str, _method: str) -> Access:
    """Everybody may send; how a case stands is for who bears its tracking code."""
    return Access([{"tracking_code": []}], "For who bears the tracking code.") if endpoint == "api.case" else Access([])


def description() -> Json:
    return kept(current_app, _about, access)  # type: ignore[arg-type]


def _about() -> About:
    return About(
        title="Homeward, families and witnesses", version="1", description=_SAID, prefix="/api/v1/", examples=EXAMPLES,
        server=tools().room.settings.public_url("ingest"),
        schemes={"tracking_code": {"type": "http", "scheme": "bearer"}},
    )  # fmt: skip
