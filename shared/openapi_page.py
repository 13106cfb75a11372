"""An OpenAPI document made ready for a page: its operations by group, its shapes, each field in a line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """What a value is, in words; `shape` is the name of the shape that it is, or has several of."""

    words: str
    shape: str = ""


@dataclass(frozen=True)
class Line:
    """A field, a part or a parameter."""

    name: str
    kind: Kind
    needed: bool


@dataclass(frozen=True)
class Answer:
    status: str
    said: str
    kind: Kind


@dataclass(frozen=True)
class Told:
    """One operation. `sends` is the media type of what is sent, `example` one of it as JSON."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    asked: tuple[Line, ...]
    sends: str
    sent: Kind
    parts: tuple[Line, ...]
    example: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Section:
    name: str
    operations: tuple[Told, ...]


@dataclass(frozen=True)
class Shape:
    name: str
    said: str
    lines: tuple[Line, ...]


_CODE = re.compile(r"`([^`]+)`")
_LIMITS = {
    "minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "from {}",
    "maximum": "to {}",
}  # fmt: skip


def sections(document: Json) -> list[Section]:
    """The operations in the document's order, by their first tag."""
    found: dict[str, list[Told]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(_told(document, path, method, said))
    return [Section(name, tuple(operations)) for name, operations in found.items()]


def shapes(document: Json) -> list[Shape]:
    """What is sent and answered, by name."""
    known = document["components"]["schemas"]
    return [Shape(name, known[name].get("description", ""), tuple(_lines(known[name]))) for name in sorted(known)]


def prose(text: str) -> Markup:
    """Words with `code` in them."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - it is escaped here


def _told(document: Json, path: str, method: str, said: Json) -> Told:
    sent: dict[str, Any] = said.get("requestBody", {}).get("content", {})
    media: str = next(iter(sent), "")
    content: dict[str, Any] = sent.get(media, {})
    schema = content.get("schema", {})
    asked = [Line(item["name"], _kind(item["schema"]), item.get("required", False)) for item in said["parameters"]]
    example = json.dumps(content["example"], ensure_ascii=False, indent=2) if "example" in content else ""
    return Told(
        said["operationId"], method.upper(), path, said["summary"], tuple(said["description"].split("\n\n")),
        tuple(asked), media, _kind(schema) if "$ref" in schema else Kind(""), tuple(_lines(schema)), example,
        tuple(_answer(document, status, answer) for status, answer in said["responses"].items()),
    )  # fmt: skip


def _answer(document: Json, status: str, answer: Json) -> Answer:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    content = answer.get("content", {})
    schemas = [kind["schema"] for kind in content.values() if "schema" in kind]
    return Answer(status, answer["description"], _kind(schemas[0]) if schemas else Kind(", ".join(content)))


def _lines(schema: Json) -> Iterator[Line]:
    needed = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        yield Line(name, _kind(inner), name in needed)


def _kind(schema: Json) -> Kind:
    if "$ref" in schema:
        return Kind("", str(schema["$ref"]).rpartition("/")[2])
    if "anyOf" in schema:
        kinds = [_kind(each) for each in schema["anyOf"]]
        words = " or ".join(kind.words for kind in kinds if kind.words)
        return Kind(words, next((kind.shape for kind in kinds if kind.shape), ""))
    types = schema.get("type", "any")
    words = " or ".join(types) if isinstance(types, list) else str(types)
    if "items" in schema:
        inner = _kind(schema["items"])
        return Kind(f"{words} of {inner.words}".rstrip(), inner.shape)
    return Kind(" ".join([words, *_limits(schema)]))


def _limits(schema: Json) -> Iterator[str]:
    if "format" in schema:
        yield f"({schema['format']})"
    if "enum" in schema:
        yield ": " + ", ".join(json.dumps(each) for each in schema["enum"])
    yield from (words.format(schema[name]) for name, words in _LIMITS.items() if name in schema)
