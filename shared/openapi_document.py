"""An app's JSON described for programs (OpenAPI 3.1), from what its views say and from the schemas that read what
is sent."""

import inspect
import re
from collections.abc import Callable

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask
from werkzeug.routing import Rule

from shared.language import language
from shared.openapi import About, Access, Json, Operation, routes
from shared.openapi_refusals import PROBLEM, problems
from shared.openapi_shapes import answer, body, explain, name_of, of_longest, of_tuple, words_of
from shared.schema import schema_for

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_READS = ("GET", "HEAD")


def kept(app: Flask, about: Callable[[], About], access: Callable[[str, str], Access]) -> Json:
    """The description in the reader's language, made once for each. Raises Undescribed."""
    made: dict[str, Json] = app.extensions.setdefault("openapi", {})
    if language() not in made:
        made[language()] = document(app, about(), access)
    return made[language()]


def document(app: Flask, about: About, access: Callable[[str, str], Access]) -> Json:
    """The whole description. `access` tells who may call an endpoint by a method. Raises Undescribed."""
    plugin = MarshmallowPlugin(schema_name_resolver=name_of)
    spec = APISpec(about.title, about.version, "3.1.0", plugins=[plugin], info={"description": about.description})
    converter: OpenAPIConverter = plugin.converter  # type: ignore[assignment]
    converter.add_attribute_function(of_longest)  # type: ignore[no-untyped-call]
    converter.add_attribute_function(of_tuple)  # type: ignore[no-untyped-call]
    spec.components.schema("Problem", PROBLEM)
    for name, scheme in about.schemes.items():
        spec.components.security_scheme(name, dict(scheme))
    for status, example in problems().items():
        spec.components.response(f"Problem{status}", example)
    for method, rule, said in routes(app, about.prefix):
        path = _PARAMETER.sub(r"{\2}", rule.rule)
        told = _told(app, rule, method, said, access(rule.endpoint, method), about, converter)
        spec.path(path, operations={method.lower(): told})
    made: Json = spec.to_dict()
    made["servers"] = [{"url": about.server}]
    explain(made, converter)
    return made


def statuses(said: Operation, rule: Rule, method: str, *, is_open: bool) -> list[int]:
    """The refusals that an operation may answer with: what its kind brings along, and what it says itself."""
    found = set(said.problems) | {503}
    found |= set() if is_open else {401, 403}
    found |= {404} if rule.arguments else set()
    found |= {403, 409} if method not in _READS else set()
    found |= {400, 413, 415, 422} if said.takes else set()
    return sorted(found)


def _told(
    app: Flask, rule: Rule, method: str, said: Operation, access: Access, about: About, converter: OpenAPIConverter
) -> Json:
    blueprint, _, name = rule.endpoint.rpartition(".")
    more = [inspect.getdoc(app.view_functions[rule.endpoint]), words_of(said.asks)]
    answers: Json = {str(said.status): answer(said, converter)}
    for status in statuses(said, rule, method, is_open=not access.security):
        answers[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    told: Json = {
        "operationId": f"{blueprint.removeprefix('api_')}_{name}", "summary": said.summary,
        "tags": [rule.rule.removeprefix(about.prefix).partition("/")[0]],
        "description": "\n\n".join(part for part in (*more, access.said) if part),
        "security": access.security, "parameters": [*_in_path(app, rule), *_in_query(said.asks, converter)],
        "responses": answers,
    }  # fmt: skip
    if said.takes is not None:
        told["requestBody"] = body(said.takes, about.examples, converter)
    return told


def _in_path(app: Flask, rule: Rule) -> list[Json]:
    kinds = {name: app.url_map.converters[kind or "default"] for kind, name in _PARAMETER.findall(rule.rule)}
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{kind.regex}$"}}
        for name, kind in kinds.items()
    ]


def _in_query(asks: type | None, converter: OpenAPIConverter) -> list[Json]:
    """What may be left out of an address is not written there as null."""
    found: list[Json] = converter.schema2parameters(schema_for(asks), location="query") if asks else []
    for item in found:
        if isinstance(kind := item["schema"].get("type"), list):
            item["schema"]["type"] = next(each for each in kind if each != "null")
        if "enum" in item["schema"]:
            item["schema"]["enum"] = [each for each in item["schema"]["enum"] if each is not None]
    return found
