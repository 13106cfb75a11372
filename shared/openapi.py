"""An app's JSON described for programs (OpenAPI 3.1): made from what each view says of itself, and from the marshmallow
schemas that read what is sent. A route that says nothing stops the document, and with it the tests."""

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask
from marshmallow import Schema, fields
from werkzeug.routing import Rule

from shared.errors import HomewardError
from shared.problems import titles
from shared.schema import schema_for

Json = dict[str, Any]
Shape = type | Schema
View = TypeVar("View", bound=Callable[..., Any])

_MARK = "openapi"
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_QUIET = ("HEAD", "OPTIONS")
_READS = ("GET", "HEAD")


class Undescribed(HomewardError):
    """A route does not say what it takes and answers. Mark its view with `openapi.operation`."""


@dataclass(frozen=True)
class Multipart:
    """A request of parts: `least` to `most` files called `files`, and a JSON part `name` that is read as `kind`."""

    files: str
    least: int = 1
    most: int = 1
    name: str = ""
    kind: Shape | None = None


@dataclass(frozen=True)
class File:
    """An answer that is no JSON, in one of these media types."""

    media: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """What a view says of itself. `takes` and `gives` are dataclasses, or marshmallow schemas; `asks` is a dataclass of
    what may stand in the address; `problems` are statuses besides those that follow from the rest."""

    summary: str
    takes: Shape | Multipart | None = None
    gives: Shape | File | None = None
    status: int = 200
    asks: type | None = None
    problems: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Access:
    """Who may call an operation: OpenAPI's security requirements (none: everybody), and the same in a sentence."""

    security: list[dict[str, list[str]]]
    said: str = ""


@dataclass(frozen=True)
class About:
    """What the document says of the whole. `schemes` are OpenAPI's security schemes; `examples` has what may be sent,
    by the dataclass that reads it; `prefix` is the path under which the operations lie."""

    title: str
    version: str
    description: str
    prefix: str
    server: str
    schemes: Mapping[str, Json] = field(default_factory=dict)
    examples: Mapping[Any, Json] = field(default_factory=dict)


def operation(
    summary: str, *, takes: Shape | Multipart | None = None, gives: Shape | File | None = None, status: int = 200,
    asks: type | None = None, problems: Collection[int] = (),
) -> Callable[[View], View]:  # fmt: skip
    """Marks a view with what it does, takes and gives; its docstring says more."""

    def mark(view: View) -> View:
        setattr(view, _MARK, Operation(summary, takes, gives, status, asks, frozenset(problems)))
        return view

    return mark


def untold(view: View) -> View:
    """Marks a view that the document leaves out: itself, and its page."""
    setattr(view, _MARK, None)
    return view


def routes(app: Flask, prefix: str) -> Iterator[tuple[str, Rule, Operation]]:
    """(method, rule, what its view says) of everything under `prefix`, by path. Raises Undescribed."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - set(_QUIET)) if rule.rule.startswith(prefix) else ():
            view = app.view_functions[rule.endpoint]
            if not hasattr(view, _MARK):
                raise Undescribed(f"{method} {rule.rule} has no description: mark its view with openapi.operation")
            said: Operation | None = getattr(view, _MARK)
            if said is not None:
                yield method, rule, said


def document(app: Flask, about: About, access: Callable[[str, str], Access]) -> Json:
    """The whole description. `access` tells who may call an endpoint by a method. Raises Undescribed."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(about.title, about.version, "3.1.0", plugins=[plugin], info={"description": about.description})
    converter: OpenAPIConverter = plugin.converter  # type: ignore[assignment]
    converter.add_attribute_function(_of_longest)  # type: ignore[no-untyped-call]
    converter.add_attribute_function(_of_tuple)  # type: ignore[no-untyped-call]
    spec.components.schema("Problem", PROBLEM)
    for name, scheme in about.schemes.items():
        spec.components.security_scheme(name, dict(scheme))
    for status, example in _problems().items():
        spec.components.response(f"Problem{status}", example)
    for method, rule, said in routes(app, about.prefix):
        path = _PARAMETER.sub(r"{\2}", rule.rule)
        told = _told(app, rule, method, said, access(rule.endpoint, method), about, converter)
        spec.path(path, operations={method.lower(): told})
    made: Json = spec.to_dict()
    made["servers"] = [{"url": about.server}]
    _explain(made, converter)
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
    more = [inspect.getdoc(app.view_functions[rule.endpoint]), _words(said.asks)]
    answers: Json = {str(said.status): _answer(said, converter)}
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
        told["requestBody"] = _body(said.takes, about.examples, converter)
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


def _answer(said: Operation, converter: OpenAPIConverter) -> Json:
    if said.gives is None:
        return {"description": "Done; there is nothing to say."}
    if isinstance(said.gives, File):
        return {"description": said.summary, "content": {kind: {} for kind in said.gives.media}}
    shape = _shape(said.gives, converter)
    return {"description": said.summary, "content": {"application/json": {"schema": shape}}}


def _body(takes: Shape | Multipart, examples: Mapping[Any, Json], converter: OpenAPIConverter) -> Json:
    if isinstance(takes, Multipart):
        return {"required": True, "content": {"multipart/form-data": _parts(takes, examples, converter)}}
    schema = _schema(takes)
    content: Json = {"schema": _shape(takes, converter)} | _example(takes, examples)
    return {"required": any(item.required for item in schema.fields.values()), "content": {"application/json": content}}


def _parts(takes: Multipart, examples: Mapping[Any, Json], converter: OpenAPIConverter) -> Json:
    one: Json = {"type": "string", "format": "binary"}
    several = {"type": "array", "items": one, "minItems": takes.least, "maxItems": takes.most}
    shape: Json = {"type": "object", "properties": {takes.files: one if takes.most == 1 else several}}
    shape["required"] = [takes.files] if takes.least else []
    if takes.kind is None:
        return {"schema": shape}
    shape["properties"][takes.name] = _shape(takes.kind, converter)
    shape["required"].append(takes.name)
    return {"schema": shape, "encoding": {takes.name: {"contentType": "application/json"}}} | {
        key: {takes.name: value} for key, value in _example(takes.kind, examples).items()
    }


def _example(kind: Shape, examples: Mapping[Any, Json]) -> Json:
    return {"example": examples[kind]} if kind in examples else {}


def _shape(shape: Shape, converter: OpenAPIConverter) -> Json:
    """A reference to what the document says of a shape."""
    found: Json = converter.resolve_nested_schema(_schema(shape))  # type: ignore[no-untyped-call]
    return found


def _schema(shape: Shape) -> Schema:
    return shape if isinstance(shape, Schema) else schema_for(shape)


def _name(schema: Any) -> str:
    """A dataclass's own name; with something left out of it, it is what may be sent."""
    kind = schema if isinstance(schema, type) else type(schema)
    plain = kind.__name__.removesuffix("Schema").lstrip("_")
    return f"{plain}Sent" if getattr(schema, "exclude", None) else plain


def _of_tuple(converter: Any, item: fields.Field[Any], **_: Any) -> Json:
    """A tuple of fixed length is an array of that length."""
    if not isinstance(item, fields.Tuple):
        return {}
    shapes = [converter.field2property(each) for each in item.tuple_fields]
    alike = all(shape == shapes[0] for shape in shapes)
    kind = ["array", "null"] if item.allow_none else "array"
    items = shapes[0] if alike else {"anyOf": shapes}
    return {"type": kind, "items": items, "minItems": len(shapes), "maxItems": len(shapes)}


def _of_longest(_converter: Any, item: fields.Field[Any], **_: Any) -> Json:
    """A field of a door's own that says how long it may be (services/ingest/fields.py)."""
    longest = getattr(item, "longest", None)
    if not isinstance(longest, int):
        return {}
    return {"maxItems" if isinstance(item, fields.List) else "maxLength": longest}


def _explain(made: Json, converter: OpenAPIConverter) -> None:
    """Each shape gets its dataclass's own words."""
    for key, name in converter.refs.items():
        if words := _words(getattr(key[0], "made_of", None)):
            made["components"]["schemas"][name]["description"] = words


def _words(kind: type | None) -> str:
    """What a dataclass says of itself; nothing where Python made up its docstring."""
    words = (inspect.getdoc(kind) or "") if kind else ""
    return "" if kind and words.startswith(f"{kind.__name__}(") else words


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


def _problems() -> dict[int, Json]:
    """Each refusal as a response, with an example."""
    found = {}
    for status, (title, detail) in titles().items():
        if status not in TOLD:
            continue
        example = {"type": "about:blank", "title": title, "status": status, "detail": detail} | _MORE.get(status, {})
        shape = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        found[status] = {"description": title, "content": {"application/problem+json": shape}}
    return found
