"""How an API refuses, as OpenAPI says it: problem+json (RFC 9457) for each status, with an example."""

from shared.openapi import Json
from shared.problems import titles

PROBLEM: Json = {
    "type": "object",
    "description": "What is wrong (RFC 9457). `reason` is a short code of the rule that refused; `errors` says what to "
    "mend, each with a JSON pointer into what was sent.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "detail", "code", "file")},
            },
        },
    },
}

_MORE: dict[int, Json] = {
    401: {"reason": "not_logged_in"},
    403: {"reason": "not_permitted"},
    404: {"reason": "not_found"},
    409: {"reason": "wrong_state"},
    422: {"errors": [{"pointer": "#/reason", "detail": "Missing data for required field."}]},
    429: {"reason": "too_many_tries"},
}


TOLD = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)


def problems() -> dict[int, Json]:
    """Each refusal as a response, with an example."""
    found = {}
    for status, (title, detail) in titles().items():
        if status not in TOLD:
            continue
        example = {"type": "about:blank", "title": title, "status": status, "detail": detail} | _MORE.get(status, {})
        shape = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        found[status] = {"description": title, "content": {"application/problem+json": shape}}
    return found
