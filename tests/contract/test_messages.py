"""Every message there and back: through its schema and JSON, whole; and what it does not know is refused."""

import dataclasses
import json
import types
import typing
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args, get_origin

import pytest
from marshmallow import ValidationError

from shared.messages import MESSAGES, Message, dump, load

VALUES: dict[Any, Any] = {
    str: "Ålva 孩子", bool: True, int: 1, float: 0.5, date: date(2015, 4, 1),
    datetime: datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC),
}  # fmt: skip


def a_value(hint: Any, *, empty: bool) -> Any:
    """Something of the type; with `empty` None and () wherever the type allows them."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if empty else a_value(inner, empty=empty)
    if origin is Literal:
        return arguments[0]
    if origin is tuple and arguments[-1] is Ellipsis:
        return () if empty else (a_value(arguments[0], empty=empty),) * 2
    if origin is tuple:
        return tuple(a_value(argument, empty=empty) for argument in arguments)
    return a_thing(hint, empty=empty) if dataclasses.is_dataclass(hint) else VALUES[hint]


def a_thing(cls: Any, *, empty: bool) -> Any:
    hints = typing.get_type_hints(cls)
    return cls(**{item.name: a_value(hints[item.name], empty=empty) for item in dataclasses.fields(cls)})


@pytest.mark.parametrize("empty", [False, True], ids=["full", "empty"])
@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_comes_back_as_it_went(name: str, empty: bool) -> None:
    message: Message = a_thing(MESSAGES[name], empty=empty)
    payload = json.loads(json.dumps(dump(message)))
    assert load(name, payload) == message
    assert message.subject


@pytest.mark.parametrize("name", MESSAGES)
def test_a_field_that_no_contract_names_is_refused(name: str) -> None:
    payload = dump(a_thing(MESSAGES[name], empty=False)) | {"child_name": "somebody"}
    with pytest.raises(ValidationError):
        load(name, payload)
