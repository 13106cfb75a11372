"""Every message there and back: sealed, signed, read again as it was; and what is no such message is refused."""

import dataclasses
import json
import types
import typing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from shared.envelope import Envelope, close, parse, unseal, verify
from shared.errors import Refused
from shared.keys import RoomKeys, b64, create_keys, load_room_keys
from shared.messages import MESSAGES, Acknowledged, Message
from shared.routes import ROOMS, ROUTES

NOW = datetime(2026, 11, 24, 12, 30, 1, 5, tzinfo=UTC)
PLAIN: dict[Any, Any] = {str: "小明 👧🏽", bool: True, int: 7, float: 0.5, datetime: NOW, date: date(2015, 4, 1)}
KINDS = sorted(MESSAGES.values(), key=lambda kind: kind.__name__)


def example(hint: Any) -> Any:
    """A value of the type, everything that may be left out filled in."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return example(next(argument for argument in arguments if argument is not type(None)))
    if origin is Literal:
        return arguments[-1]
    if origin is tuple:
        return (example(arguments[0]),) * 2 if arguments[-1] is Ellipsis else tuple(map(example, arguments))
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return hint(**{item.name: example(hints[item.name]) for item in dataclasses.fields(hint)})  # type: ignore[operator]
    return PLAIN[hint]


def ways(kind: type[Message]) -> tuple[str, str]:
    return ROUTES.get(kind, ("review", "matcher"))  # an acknowledgement goes every way


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RoomKeys]:
    folder: Path = tmp_path_factory.mktemp("keys")
    create_keys(folder, ROOMS)
    return {room: load_room_keys(folder, room) for room in ROOMS}


def closed(keys: dict[str, RoomKeys], kind: type[Message]) -> Envelope:
    sender, receiver = ways(kind)
    return close(example(kind), keys[sender], receiver, 1, NOW)


def forged(keys: dict[str, RoomKeys], kind: type[Message], **changes: Any) -> Envelope:
    """An envelope changed by its own sender, who signs the change."""
    changed = dataclasses.replace(closed(keys, kind), **changes)
    return dataclasses.replace(changed, signature=keys[ways(kind)[0]].sign(changed.signed_bytes()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_comes_out_as_it_went_in_and_only_where_it_was_sent(
    keys: dict[str, RoomKeys], kind: type[Message]
) -> None:
    text = closed(keys, kind).text()
    envelope = parse(text)
    receiver = ways(kind)[1]
    verify(envelope, keys[receiver])
    assert unseal(envelope, keys[receiver]) == example(kind)
    if kind is not Acknowledged:
        assert "小明" not in json.loads(text)["payload"] and PLAIN[str].encode() not in text.encode()
    other = next(room for room in ROOMS if room != receiver)
    with pytest.raises(Refused, match="misrouted"):
        verify(envelope, keys[other])
    with pytest.raises(Refused, match="unsealable"):
        unseal(envelope, keys[other])


@pytest.mark.parametrize("name", [item.name for item in dataclasses.fields(Envelope)])
def test_no_part_of_an_envelope_can_be_changed_on_its_way(keys: dict[str, RoomKeys], name: str) -> None:
    kind = KINDS[0]
    good = closed(keys, kind)
    old = getattr(good, name)
    bad = dataclasses.replace(good, **{name: old + 1 if isinstance(old, int) else old[:-2] + "AA"})
    with pytest.raises(Refused, match=r"misrouted|unknown_key|bad_signature"):
        verify(parse(bad.text()), keys[ways(kind)[1]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("change", "reason"),
    [({"version": 2}, "unknown_version"), ({"version": 0}, "unknown_version"), ({"type": "Nothing"}, "unknown_type")],
)
def test_an_unknown_version_or_type_is_refused_before_its_seal_is_broken(
    keys: dict[str, RoomKeys], kind: type[Message], change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        unseal(forged(keys, kind, payload="", **change), keys[ways(kind)[1]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"{}", b'{"surprise": 1}', b"\xff", b"[" * 100_000])
def test_a_payload_that_is_not_this_message_is_refused(
    keys: dict[str, RoomKeys], kind: type[Message], payload: bytes
) -> None:
    sender, receiver = ways(kind)
    envelope = forged(keys, kind, payload=b64(keys[sender].seal_for(receiver, payload)))
    with pytest.raises(Refused, match="invalid"):
        unseal(envelope, keys[receiver])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Acknowledged])
def test_an_envelope_that_names_another_subject_is_refused(keys: dict[str, RoomKeys], kind: type[Message]) -> None:
    with pytest.raises(Refused, match="wrong_subject"):
        unseal(forged(keys, kind, subject="another"), keys[ways(kind)[1]])
