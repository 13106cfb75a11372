"""What a program may post: JSON objects, each with its schema, and the faults that no schema sees."""

import json
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from marshmallow import Schema, ValidationError

from services.review.candidates.acts import Opinion
from services.review.candidates.checklist import Features
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
    """`reason` is why it is not this child; `revision` how many decisions there were when it was read."""

    outcome: str
    note: str = ""
    reason: str = ""
    features: Features | None = None
    revision: int | None = None

    def opinion(self) -> Opinion:
        return Opinion(self.outcome, self.note, self.reason, self.features, self.revision)


@dataclass(frozen=True)
class Judgement:
    outcome: str
    features: Features | None = None
    revision: int | None = None

    def opinion(self) -> Opinion:
        return Opinion(self.outcome, features=self.features, revision=self.revision)


@dataclass(frozen=True)
class FollowUp:
    """What a confirmed match sets off: any of "liaison" and "draft", or "neither"."""

    choices: tuple[str, ...]
    liaison: str = ""


@dataclass(frozen=True)
class Face:
    face: Point


@dataclass(frozen=True)
class Marks:
    """Points as fractions of the picture; about how old the sighted child is."""

    faces: tuple[Point, ...]
    age: float | None = None


@dataclass(frozen=True)
class View:
    """A saved view of the queue: `queue.Filters` without words."""

    name: str
    state: str = "waiting"
    region: str = ""
    holder: str = ""
    waiting: int | None = None
    order: str = "newest"


@dataclass(frozen=True)
class OnCallEntry:
    """`address` is an e-mail address or a webhook by https."""

    name: str
    address: str
    region: str


@dataclass(frozen=True)
class Approval:
    """`word`: what the officer typed (drafts/rules.WORDS), where a person was asked to type one."""

    revision: int | None = None
    word: str | None = None


@dataclass(frozen=True)
class Extension:
    hours: float = field(metadata=between(1, 720))


_KINDS = (
    LogIn, Code, Hour, Transfer, Return, Reason, Close, Decision, Judgement, FollowUp, Face, Marks, View, OnCallEntry,
    Approval, Extension,
)  # fmt: skip
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


def json_part(name: str) -> dict[str, Any]:
    """The JSON object in a part of a multipart request. Raises ValidationError at `name`."""
    part = request.files.get(name)
    text = part.stream.read() if part else request.form.get(name, "").encode()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValidationError({name: [gettext("This is not JSON that we can read")]}) from error
    if not isinstance(found, dict):
        raise ValidationError({name: [gettext("This is not a JSON object")]})
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValidationError({name: [gettext("There are half characters in a text.")]}) from error
    return found
