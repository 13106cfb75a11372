"""What is sent and answered, as OpenAPI says it, from the dataclasses and their marshmallow schemas."""

import inspect
from collections.abc import Mapping
from typing import Any

from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from shared.openapi import File, Json, Multipart, Operation, Shape
from shared.schema import schema_for


def answer(said: Operation, converter: OpenAPIConverter) -> Json:
    if said.gives is None:
        return {"description": "Done; there is nothing to say."}
    if isinstance(said.gives, File):
        return {"description": said.summary, "content": {kind: {} for kind in said.gives.media}}
    shape = _shape(said.gives, converter)
    return {"description": said.summary, "content": {"application/json": {"schema": shape}}}


def body(takes: Shape | Multipart, examples: Mapping[Any, Json], converter: OpenAPIConverter) -> Json:
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


def name_of(schema: Any) -> str:
    """A dataclass's own name; with something left out of it, it is what may be sent."""
    kind = schema if isinstance(schema, type) else type(schema)
    plain = kind.__name__.removesuffix("Schema").lstrip("_")
    return f"{plain}Sent" if getattr(schema, "exclude", None) else plain


def of_tuple(converter: Any, item: fields.Field[Any], **_: Any) -> Json:
    """A tuple of fixed length is an array of that length."""
    if not isinstance(item, fields.Tuple):
        return {}
    shapes = [converter.field2property(each) for each in item.tuple_fields]
    alike = all(shape == shapes[0] for shape in shapes)
    kind = ["array", "null"] if item.allow_none else "array"
    items = shapes[0] if alike else {"anyOf": shapes}
    return {"type": kind, "items": items, "minItems": len(shapes), "maxItems": len(shapes)}


def of_longest(_converter: Any, item: fields.Field[Any], **_: Any) -> Json:
    """A field of a door's own that says how long it may be (services/ingest/fields.py)."""
    longest = getattr(item, "longest", None)
    if not isinstance(longest, int):
        return {}
    return {"maxItems" if isinstance(item, fields.List) else "maxLength": longest}


def explain(made: Json, converter: OpenAPIConverter) -> None:
    """Each shape gets its dataclass's own words."""
    for key, name in converter.refs.items():
        if words := words_of(getattr(key[0], "made_of", None)):
            made["components"]["schemas"][name]["description"] = words


def words_of(kind: type | None) -> str:
    """What a dataclass says of itself; nothing where Python made up its docstring."""
    words = (inspect.getdoc(kind) or "") if kind else ""
    return "" if kind and words.startswith(f"{kind.__name__}(") else words
