"""The webhooks' part of /v1/openapi.json: what the holder of a key may ask, and what an endpoint is sent."""

from typing import Any

from services.alerts.params import STATUSES
from services.alerts.schemas import MOST_REGIONS

SECURITY = {"key": {"type": "http", "scheme": "bearer", "description": "A key from the operator, with `subscribe`"}}
PROBLEM = {"$ref": "#/components/responses/Problem"}
_TEXT, _TIME = {"type": "string"}, {"type": ["string", "null"], "format": "date-time"}
_REGIONS = {"type": "array", "items": _TEXT, "maxItems": MOST_REGIONS, "examples": [["SE-O"]]}
WANTED = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "url": {"type": "string", "format": "uri", "examples": ["https://news.example/hooks/alerts"]},
        "regions": _REGIONS,
        "status": {"type": "string", "enum": list(STATUSES), "default": "actual"},
    },
}
SUBSCRIPTION = {
    "type": "object",
    "properties": {
        "id": _TEXT, "url": _TEXT, "regions": _REGIONS, "status": _TEXT,
        "state": {"type": "string", "enum": ["unverified", "active", "disabled"]}, "reason": _TEXT,
        "made_at": _TIME, "verified_at": _TIME, "troubled_since": _TIME,
        "secret": {"type": "string", "description": "Only when it was just made"},
    },
}  # fmt: skip
DELIVERY = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "The webhook-id"}, "kind": _TEXT,
        "change": {"type": ["integer", "null"]},
        "state": {"type": "string", "enum": ["waiting", "delivered", "failed"]}, "made_at": _TIME, "due_at": _TIME,
        "tries": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip
EVENT = {
    "type": "object",
    "properties": {
        "type": {
            "type": "string",
            "examples": ["alert.published", "alert.amended", "alert.cancelled", "alert.expired", "subscription.verify"],
        },
        "timestamp": _TIME,
        "data": {"type": "object", "description": "A change as in /v1/changes; or the `challenge` to echo"},
    },
}


def paths() -> dict[str, Any]:
    one, delivery = [_path("id_")], [_path("id_"), _path("delivery_id")]
    base = "/v1/subscriptions"
    return {
        base: {
            "get": _act("Your subscriptions", "200", {"subscriptions": _many(SUBSCRIPTION)}),
            "post": _act("Subscribe", "201", SUBSCRIPTION["properties"]) | {"requestBody": _json(WANTED)},
        },
        f"{base}/{{id_}}": {
            "get": _act("One of them", "200", SUBSCRIPTION["properties"], one),
            "delete": _act("End it", "204", None, one),
        },
        f"{base}/{{id_}}/verify": {"post": _act("Send a fresh challenge", "202", DELIVERY["properties"], one)},
        f"{base}/{{id_}}/test": {"post": _act("Send a test", "202", DELIVERY["properties"], one)},
        f"{base}/{{id_}}/secret": {"post": _act("A new secret", "200", SUBSCRIPTION["properties"], one)},
        f"{base}/{{id_}}/deliveries": {"get": _act("The log", "200", {"deliveries": _many(DELIVERY)}, one)},
        f"{base}/{{id_}}/deliveries/{{delivery_id}}/redeliver": {
            "post": _act("Send it again", "202", DELIVERY["properties"], delivery)
        },
    }


def webhooks() -> dict[str, Any]:
    """OpenAPI 3.1's `webhooks`: what is posted to an endpoint."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = [{"name": name, "in": "header", "required": True, "schema": _TEXT} for name in names]
    answer = {"2XX": {"description": "Taken. To a challenge, with it in the body"}}
    told = {"summary": "A change", "parameters": headers, "requestBody": _json(EVENT), "responses": answer}
    return {"change": {"post": told}}


def _act(summary: str, status: str, told: Any, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": summary}
    if told is not None:
        answer |= _json({"type": "object", "properties": told})
    answers = {status: answer} | dict.fromkeys(("400", "401", "403", "404", "409", "415", "422", "429"), PROBLEM)
    return {"summary": summary, "parameters": parameters or [], "security": [{"key": []}], "responses": answers}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT}
