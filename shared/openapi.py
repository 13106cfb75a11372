"""What each JSON view says of itself, of which OpenAPI's document is made (openapi_document.py): what it takes, what it
answers. A route that says nothing stops the document, and with it the tests."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

from shared.errors import HomewardError

Json = dict[str, Any]
Shape = type | Schema
View = TypeVar("View", bound=Callable[..., Any])

_MARK = "openapi"
_QUIET = ("HEAD", "OPTIONS")


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
