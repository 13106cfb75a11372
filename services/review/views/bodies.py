"""What a program may post: JSON objects, each with its schema, and the faults that no schema sees."""

import json
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext
from marshmallow import ValidationError

from services.review.candidates.acts import Opinion
from services.review.candidates.checklist import Features
from shared.http import Problem
from shared.messages import Point
from shared.problems import titles
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


@dataclass(frozen=True)
class Invitation:
    """`roles` and, where they work on cases, `regions` (ISO 3166) of somebody new."""

    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class RightsWanted:
    roles: tuple[str, ...]
    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confirmation:
    """`grant` is the id of what was read."""

    grant: str


@dataclass(frozen=True)
class Refusal:
    grant: str
    reason: str


@dataclass(frozen=True)
class NewPassword:
    """`old` is empty where an agency vouched so far."""

    new: str
    old: str = ""


@dataclass(frozen=True)
class NewToken:
    """`token_name` says which program has it; `scopes` what it may do, for `days` days."""

    token_name: str
    scopes: tuple[str, ...]
    days: int


def body(kind: type[Body]) -> Body:
    """The request's JSON as a `kind`. Raises Problem (400), ValidationError."""
    loaded: Body = schema_for(kind).load(members())
    return loaded


def members() -> dict[str, Any]:
    """The request's JSON object; none at all is an empty one. Raises Problem (400), ValidationError."""
    sent = request.get_data(cache=True)
    if sent.strip() and not request.is_json:
        raise _unread(gettext("Please send JSON, and say so: Content-Type: application/json."))
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


def multipart(limit: int) -> None:
    """The request is one of parts, of at most `limit` bytes. Raises Problem (415)."""
    request.max_content_length = limit
    if request.mimetype != "multipart/form-data":
        raise _unread(gettext("Please send multipart/form-data: the files, and the JSON part beside them."))


def _unread(detail: str) -> Problem:
    return Problem(415, titles()[415][0], detail)


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
