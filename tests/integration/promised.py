"""Every answer of an app's JSON, held against the document that describes it: status, media type, and shape."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs
from flask import Flask, Response, request

Json = dict[str, Any]
Shapes = dict[tuple[str, str, str], Any]

_KNOWN: dict[Callable[[], Json], tuple[Json, Shapes]] = {}
"""Each door's document: what it promises is the same in all its apps, and in all languages."""


def watch(app: Flask, document: Callable[[], Json]) -> None:
    """From now on, what `document` does not promise is answered with 500 and the fault, so that its test fails."""

    def check(response: Response) -> Response:
        if request.url_rule is None or request.method in ("HEAD", "OPTIONS"):
            return response
        if document not in _KNOWN:
            _KNOWN[document] = document(), {}
        fault = fault_of(*_KNOWN[document], _path(request.url_rule.rule), response)
        return Response(f"{request.method} {request.path}: {fault}", status=500) if fault else response

    app.after_request(check)


def fault_of(document: Json, shapes: Shapes, path: str, response: Response) -> str:
    """What the answer has that is not promised. A write from another website is refused everywhere: no fault."""
    method, status = request.method.lower(), str(response.status_code)
    said = document["paths"].get(path, {}).get(method)
    if said is None or (status == "403" and "Sec-Fetch-Site" in request.headers):
        return ""
    if status not in said["responses"]:
        return f"{status} is not in the document: {response.get_data(as_text=True)[:300]}"
    promised = _resolved(document, said["responses"][status]).get("content", {})
    if not promised:
        return f"{response.mimetype} where nothing is promised" if response.get_data() else ""
    if response.mimetype not in promised:
        return f"{status} as {response.mimetype}, not as {', '.join(promised)}"
    schema = promised[response.mimetype].get("schema")
    if schema is None:
        return ""
    key = (path, method, status)
    if key not in shapes:
        shapes[key] = jsonschema_rs.Draft202012Validator(schema | {"components": document["components"]})
    found = shapes[key].iter_errors(response.get_json())
    return "; ".join(f"{list(fault.instance_path)}: {fault.message}" for fault in found)


def _resolved(document: Json, answer: Json) -> Json:
    if "$ref" not in answer:
        return answer
    found: Json = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


def _path(rule: str) -> str:
    return "/".join("{" + part[1:-1].rpartition(":")[2] + "}" if part[:1] == "<" else part for part in rule.split("/"))
