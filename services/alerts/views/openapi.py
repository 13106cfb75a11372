"""GET /v1/openapi.json: the feeds described for programs (OpenAPI 3.1)."""

from typing import Any

from flask import Blueprint, Response

from services.alerts import atom, geojson, jsonfeed, pfif
from services.alerts.params import MOST, STATUSES
from services.alerts.schemas import MOST_REGIONS
from services.alerts.views import certificate
from services.alerts.views.answers import public
from services.alerts.views.context import where
from shared import cap
from shared.language import LANGUAGES

pages = Blueprint("openapi", __name__)
FRESH_S = 3600
MEDIA = {"geojson": geojson.MEDIA_TYPE, "json": jsonfeed.MEDIA_TYPE, "atom": atom.MEDIA_TYPE}


@pages.get("/v1/openapi.json")
def openapi() -> Response:
    body = {
        "openapi": "3.1.0",
        "info": {"title": "Homeward alerts", "version": "1", "license": {"name": "Apache-2.0"}},
        "servers": [{"url": where().base}],
        "paths": _paths(),
        "components": {"responses": {"Problem": _answer("What is wrong (RFC 9457)", "application/problem+json")}},
    }
    return public(geojson.dumped(body), "application/json", for_s=FRESH_S)


def _paths() -> dict[str, Any]:
    negotiated = _get("Live alerts, in the format accepted", list(MEDIA.values()), [REGION, *FILTERS])
    negotiated["get"]["responses"]["406"] = PROBLEM
    paths = {"/v1/alerts": negotiated}
    for suffix, media in MEDIA.items():
        paths[f"/v1/alerts.{suffix}"] = _get("Live alerts", [media], [REGION, *FILTERS])
        paths[f"/v1/regions/{{code}}/alerts.{suffix}"] = _get(
            "A region's live alerts", [media], [_path("code"), *FILTERS]
        )
    id_ = [_path("alert_id")]
    return paths | {
        "/v1/alerts/{alert_id}": _get("One alert, or its tombstone", [geojson.MEDIA_TYPE], id_),
        "/v1/alerts/{alert_id}.cap": _get("Its newest CAP message", [cap.MEDIA_TYPE], id_),
        "/v1/changes": _get("Every change in order", ["application/json"], CHANGES),
        "/v1/changes.atom": _get("The same, with tombstones", [atom.MEDIA_TYPE], CHANGES),
        "/v1/certificate.pem": _get("What CAP messages are signed with", [certificate.MEDIA_TYPE], []),
        "/v1/pfif": _get("Persons and placeholders, by entry date (PFIF 1.4)", [pfif.MEDIA_TYPE], PFIF),
        "/v1/regions": _get("Regions", ["application/json"], [_query("q", "string"), LANG]),
    }


def _get(summary: str, media: list[str], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": _answer(summary, *media), "304": {"description": "Not changed"}}
    for status in ("400", "404"):
        answers[status] = PROBLEM
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _answer(description: str, *media: str) -> dict[str, Any]:
    return {"description": description, "content": {kind: {} for kind in media}}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query(name: str, kind: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind} | schema}


STATUS = _query("status", "string", enum=list(STATUSES), default="actual")
LANG = _query("lang", "string", enum=list(LANGUAGES), default="en")
REGION = _query("region", "array", items={"type": "string"}, maxItems=MOST_REGIONS)
PROBLEM = {"$ref": "#/components/responses/Problem"}
FILTERS = [
    _query("bbox", "string"),
    _query("point", "string"),
    _query("radius_km", "number", minimum=0),
    _query("since", "string", format="date-time"),
    STATUS,
    _query("limit", "integer", minimum=1, maximum=MOST),
    _query("cursor", "string"),
    LANG,
]
CHANGES = [_query("cursor", "string"), STATUS, LANG]
PFIF = [
    _query("min_entry_date", "string", format="date-time"),
    _query("skip", "integer", minimum=0),
    _query("max_results", "integer", minimum=1, maximum=MOST),
    STATUS,
    LANG,
]
