"""The tracking code: read over the telephone, found by its hash, and the family's key."""

import base64

import pytest

from services.ingest import tracking
from services.ingest.forms import FormKey
from services.ingest.tracking import ALPHABET, BadCode
from shared.keys import seal_to


def test_a_code_is_four_groups_of_five() -> None:
    groups = tracking.new_code().split("-")
    assert [len(group) for group in groups] == [5, 5, 5, 5]
    assert set("".join(groups)) <= set(ALPHABET)


def test_two_codes_differ() -> None:
    assert len({tracking.new_code() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "spoil",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code}\n",
        lambda code: code.replace("-", "–"),
        lambda code: code.replace("-", "·").replace("0", "o").replace("1", "l"),
        lambda code: code.replace("1", "I").replace("V", "u"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
        lambda code: code.replace("-", "\u200b-"),
    ],
)
def test_a_code_is_understood_however_it_is_typed(spoil) -> None:  # type: ignore[no-untyped-def]
    code = tracking.code_from(b"a secret with 0 and 1 and V in its code")
    for code in (tracking.new_code() for _ in range(20)):
        assert tracking.normal(spoil(code)) == code


def test_one_misread_character_is_noticed_wherever_it_stands() -> None:
    plain = tracking.new_code().replace("-", "")
    for place, right in enumerate(plain):
        for wrong in set(ALPHABET) - {right}:
            with pytest.raises(BadCode):
                tracking.normal(plain[:place] + wrong + plain[place + 1 :])


@pytest.mark.parametrize("heard", ["", "hello", "7K2MQ", "0" * 19, "0" * 21, "\ud800" * 20, "é" * 20, "9" * 100_000])
def test_what_is_no_code_is_said_to_be_none(heard: str) -> None:
    with pytest.raises(BadCode):
        tracking.normal(heard)


def test_the_hash_is_the_same_for_the_same_code_and_holds_nothing_of_it() -> None:
    code = tracking.new_code()
    assert tracking.lookup_hash(code) == tracking.lookup_hash(code) != tracking.lookup_hash(tracking.new_code())
    assert code[:5] not in tracking.lookup_hash(code)


def test_what_an_officer_seals_to_the_family_opens_with_the_code_alone() -> None:
    code, salt = tracking.new_code(), tracking.new_salt()
    public = tracking.family_key(code, salt)
    sealed = seal_to(public, "请打电话给我们".encode())
    assert len(base64.b64decode(public)) == 32
    assert tracking.open_letter(tracking.family_secret(code, salt), sealed) == "请打电话给我们"
    assert tracking.open_letter(tracking.family_secret(tracking.new_code(), salt), sealed) is None
    assert tracking.open_letter(tracking.family_secret(code, tracking.new_salt()), sealed) is None


def test_a_form_has_one_code_and_its_id_tells_nothing_of_it() -> None:
    form = FormKey.new()
    again = FormKey.read(form.write())
    assert again.tracking_code == form.tracking_code
    assert tracking.normal(form.tracking_code) == form.tracking_code
    assert len({form.id, form.photo_key.hex(), form.secret.hex()}) == 3


@pytest.mark.parametrize("mangled", ["", "x", "AAAA", "é", "\ud800", "=" * 44, "A" * 44])
def test_a_mangled_form_key_becomes_a_new_one(mangled: str) -> None:
    assert FormKey.read(mangled).secret != FormKey.read(mangled).secret
