"""Grants: only what the gate signed can be read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.errors import SealBroken
from shared.grants import EnrolmentGrant, SearchGrant, issue, read
from shared.keys import GateKey, create_keys, load_directory, load_gate_key, load_room_keys

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
GRANT = EnrolmentGrant("case", "d" * 64, 8.5, NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keys(tmp_path, ("review", "matcher"))
    return tmp_path


def test_a_grant_comes_back_as_it_was_given(folder: Path) -> None:
    search = SearchGrant("s", "e" * 64, "sighting_triage", NOW, NOW + timedelta(seconds=120))
    gate, directory = load_gate_key(folder), load_directory(folder)
    assert [read(issue(grant, gate), directory) for grant in (GRANT, search)] == [GRANT, search]


def test_a_grant_signed_by_a_room_instead_of_the_gate_is_refused(folder: Path) -> None:
    forged = issue(GRANT, GateKey(load_room_keys(folder, "review").signing))
    with pytest.raises(SealBroken):
        read(forged, load_directory(folder))


@pytest.mark.parametrize("text", ["", "no dot", "aGk=.aGk=", "é.é", issue.__name__ * 50])
def test_what_is_no_grant_is_refused(folder: Path, text: str) -> None:
    with pytest.raises(SealBroken):
        read(text, load_directory(folder))


def test_a_changed_grant_is_refused(folder: Path) -> None:
    text = issue(GRANT, load_gate_key(folder))
    other = issue(EnrolmentGrant("case", "d" * 64, 9.5, NOW), load_gate_key(folder))
    with pytest.raises(SealBroken):
        read(other.split(".")[0] + "." + text.split(".")[1], load_directory(folder))
