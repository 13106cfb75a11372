"""Marshmallow schemas made from frozen dataclasses, so that a contract is written once."""

import dataclasses
import functools
import types
import typing
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args, get_origin

from marshmallow import Schema, ValidationError, fields, post_load, validate


def between(low: float, high: float) -> dict[str, Any]:
    """Field metadata: a number from `low` to `high`, both included."""
    return {"validate": validate.Range(min=low, max=high)}


def longest(characters: int) -> dict[str, Any]:
    """Field metadata: a text of at most `characters`."""
    return {"validate": validate.Length(max=characters)}


class UtcTime(fields.AwareDateTime):
    """A time with an offset on the wire, timezone-aware UTC in memory."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **options)
        try:
            return moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("Not a valid datetime.") from error


class _Row(fields.List[Any]):
    """A list on the wire, a tuple in memory."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **options))


_PLAIN: dict[Any, Any] = {
    str: fields.String,
    bool: fields.Boolean,
    datetime: UtcTime,
    date: fields.Date,
}


@functools.cache
def schema_for(cls: type) -> Schema:
    """A schema that dumps and loads instances of the dataclass `cls`. Unknown fields are errors."""
    hints = typing.get_type_hints(cls)
    members: dict[str, Any] = {}
    for item in dataclasses.fields(cls):
        required = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        members[item.name] = _field(hints[item.name], required=required, validate=item.metadata.get("validate"))

    @post_load
    def make(self: Schema, data: dict[str, Any], **_: Any) -> Any:
        return cls(**data)

    schema: Schema = type(f"{cls.__name__}Schema", (Schema,), members | {"make": make, "made_of": cls})()
    return schema


def _field(hint: Any, **options: Any) -> fields.Field[Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return _field(inner, **options, allow_none=True)
    if origin is Literal:
        options["validate"] = validate.OneOf(arguments)
        return fields.String(**options)
    if origin is dict:
        return fields.Dict(keys=_field(arguments[0]), values=_field(arguments[1]), **options)
    if origin is tuple and arguments[-1] is Ellipsis:
        return _Row(_field(arguments[0]), **options)
    if origin is tuple:
        return fields.Tuple([_field(argument) for argument in arguments], **options)
    if dataclasses.is_dataclass(hint):
        return fields.Nested(schema_for(typing.cast(type, hint)), **options)
    if hint is float:
        return fields.Float(allow_nan=False, **options)
    if hint is int:
        return fields.Integer(strict=True, **options)
    return _PLAIN[hint](**options)  # type: ignore[no-any-return]
