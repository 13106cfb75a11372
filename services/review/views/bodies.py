"""What a program may post: JSON objects, each with its schema, and the faults that no schema sees."""

import json
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from marshmallow import Schema, ValidationError

from shared.http import Problem
from shared.messages import Point
from shared.schema import between, schema_for

Body = TypeVar("Body")


@dataclass(frozen=True)
class LogIn:
    name: str
    password: str
    code: str = ""


@dataclass(frozen=True)
class Code:
    code: str


@dataclass(frozen=True)
class Hour:
    officer: str
    reason: str


@dataclass(frozen=True)
class Transfer:
    region: str
    reason: str


@dataclass(frozen=True)
class Return:
    reason: str
    message: str


@dataclass(frozen=True)
class Reason:
    reason: str = ""


@dataclass(frozen=True)
class Close:
    reason: str
    outcome_text: str = ""


@dataclass(frozen=True)
class Decision:
    outcome: str
    note: str = ""


@dataclass(frozen=True)
class Marks:
    """Points as fractions of the picture; about how old the sighted child is."""

    faces: tuple[Point, ...]
    age: float | None = None


@dataclass(frozen=True)
class Approval:
    """`word`: what the officer typed (drafts/rules.WORDS), where a person was asked to type one."""

    revision: int | None = None
    word: str | None = None


@dataclass(frozen=True)
class Extension:
    hours: float = field(metadata=between(1, 720))


_KINDS = (LogIn, Code, Hour, Transfer, Return, Reason, Close, Decision, Marks, Approval, Extension)
_SCHEMAS: dict[type, Schema] = {kind: schema_for(kind) for kind in _KINDS}


def body(kind: type[Body]) -> Body:
    """The request's JSON as a `kind`. Raises Problem (400), ValidationError."""
    loaded: Body = _SCHEMAS[kind].load(members())
    return loaded


def members() -> dict[str, Any]:
    """The request's JSON object; none at all is an empty one. Raises Problem (400), ValidationError."""
    sent = request.get_data(cache=True)
    try:
        found = json.loads(sent) if sent.strip() else {}
    except (ValueError, RecursionError) as error:
        raise Problem(400, gettext("This is not JSON that we can read"), gettext("Please send one object.")) from error
    if not isinstance(found, dict):
        raise Problem(400, gettext("This is not a JSON object"), gettext("Please send one object."))
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValidationError([gettext("There are half characters in a text.")]) from error
    return found
