"""GET /v1/openapi.json: the feeds described for programs (OpenAPI 3.1), with examples."""

from typing import Any

from flask import Blueprint, Response

from services.alerts import atom, geojson, jsonfeed, pfif
from services.alerts.params import MOST, STATUSES, WIDEST_KM
from services.alerts.schemas import MOST_REGIONS
from services.alerts.views import certificate, openapi_examples, openapi_subscriptions
from services.alerts.views.answers import public
from services.alerts.views.context import where
from shared import cap
from shared.language import LANGUAGES

pages = Blueprint("openapi", __name__)
FRESH_S = 3600
MEDIA = {"geojson": geojson.MEDIA_TYPE, "json": jsonfeed.MEDIA_TYPE, "atom": atom.MEDIA_TYPE}
JSON, PROBLEM_JSON = "application/json", "application/problem+json"
KEY_OR_NONE: list[dict[str, list[str]]] = [{}, {"key": []}]


@pages.get("/v1/openapi.json")
def openapi() -> Response:
    body = {
        "openapi": "3.1.0",
        "info": {
            "title": "Homeward alerts",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": where().base}],
        "paths": _paths() | openapi_subscriptions.paths(),
        "webhooks": openapi_subscriptions.webhooks(),
        "components": {
            "responses": {"Problem": _answer("What is wrong (RFC 9457)", PROBLEM_JSON)},
            "securitySchemes": openapi_subscriptions.SECURITY,
        },
    }
    return public(geojson.dumped(body), JSON, for_s=FRESH_S)


def _paths() -> dict[str, Any]:
    negotiated = _get("Live alerts, in the format accepted", list(MEDIA.values()), [REGION, *FILTERS], "406")
    paths = {"/v1/alerts": negotiated}
    for suffix, media in MEDIA.items():
        paths[f"/v1/alerts.{suffix}"] = _get("Live alerts", [media], [REGION, *FILTERS])
        paths[f"/v1/regions/{{code}}/alerts.{suffix}"] = _get(
            "A region's live alerts", [media], [_path("code", "SE-O"), *FILTERS], "404"
        )
    id_ = [_path("alert_id", "k3q7x2v5n4m6p2r7t5w3y6z2ab")]
    return paths | {
        "/v1/alerts/{alert_id}": _get("One alert, or its tombstone", [geojson.MEDIA_TYPE], id_, "404"),
        "/v1/alerts/{alert_id}.cap": _get("Its newest CAP message, signed", [cap.MEDIA_TYPE], id_, "404", "410"),
        "/v1/changes": _get("Every change in order", [JSON], CHANGES),
        "/v1/changes.atom": _get("The same, with tombstones", [atom.MEDIA_TYPE], CHANGES),
        "/v1/certificate.pem": _get("What CAP messages are signed with", [certificate.MEDIA_TYPE], [], "404"),
        "/v1/pfif": _get("Persons and placeholders, by entry date (PFIF 1.4)", [pfif.MEDIA_TYPE], PFIF),
        "/v1/regions": _get("Regions", [JSON], [_query("q", "string", "bavaria"), LANG]),
    }


def _get(summary: str, media: list[str], parameters: list[dict[str, Any]], *wrong: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": _answer(summary, *media), "304": {"description": "Not changed"}}
    answers |= dict.fromkeys(sorted(("400", "401", "429", *wrong)), PROBLEM)
    return {"get": {"summary": summary, "parameters": parameters, "security": KEY_OR_NONE, "responses": answers}}


def _answer(description: str, *media: str) -> dict[str, Any]:
    content = {kind: {"example": openapi_examples.of(kind)} for kind in media}
    return {"description": description, "content": content}


def _path(name: str, example: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}


def _query(name: str, kind: str, example: Any, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind} | schema, "example": example}


STATUS = _query("status", "string", "exercise", enum=list(STATUSES), default="actual")
LANG = _query("lang", "string", "zh", enum=list(LANGUAGES), default="en")
REGION = _query("region", "array", ["SE-O", "NO"], items={"type": "string"}, maxItems=MOST_REGIONS)
PROBLEM = {"$ref": "#/components/responses/Problem"}
FILTERS = [
    _query("bbox", "string", "11.3,48.0,11.8,48.3"),
    _query("point", "string", "48.14,11.58"),
    _query("radius_km", "number", 50, minimum=0, maximum=WIDEST_KM),
    _query("since", "string", "2026-11-24T09:00:00Z", format="date-time"),
    STATUS,
    _query("limit", "integer", 20, minimum=1, maximum=MOST),
    _query("cursor", "string", "MjAyNi0xMS0yNFQwOTowMDowMCswMDowMCBhMQ"),
    LANG,
]
CHANGES = [_query("cursor", "string", "42"), STATUS, LANG]
PFIF = [
    _query("min_entry_date", "string", "2026-11-24T09:00:00Z", format="date-time"),
    _query("skip", "integer", 0, minimum=0),
    _query("max_results", "integer", 20, minimum=1, maximum=MOST),
    STATUS,
    LANG,
]
