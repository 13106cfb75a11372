"""What a grant admits, and how much is answered at most."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.matcher.rules import (
    CLOCKS_DIFFER,
    LONGEST_SEARCH_GRANT,
    may_enrol,
    most,
    search_refusal,
)
from shared.grants import EnrolmentGrant, SearchGrant

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ENROL = EnrolmentGrant("case", "digest", 9.0, NOW)
SEARCH = SearchGrant("search", "digest", "officer_probe", NOW, NOW + timedelta(seconds=120))


def test_an_enrolment_grant_admits_its_own_photo_of_a_minor() -> None:
    assert may_enrol(ENROL, "case", "digest")
    for age in (0, 0.0, 17.99):
        assert may_enrol(replace(ENROL, age_when_last_seen=age), "case", "digest")


@pytest.mark.parametrize("age", [18, 18.0, 40, -1, float("nan"), "9", None])
def test_it_admits_nobody_who_was_not_a_minor(age: object) -> None:
    assert not may_enrol(replace(ENROL, age_when_last_seen=age), "case", "digest")  # type: ignore[arg-type]


def test_it_admits_no_other_case_photo_or_kind_of_grant() -> None:
    assert not may_enrol(ENROL, "another", "digest")
    assert not may_enrol(ENROL, "case", "another")
    assert not may_enrol(replace(ENROL, purpose="search"), "case", "digest")
    assert not may_enrol(SEARCH, "case", "digest")


@pytest.mark.parametrize("purpose", ["sighting_triage", "officer_probe", "duplicate_check"])
def test_a_search_grant_admits_its_own_search_for_each_purpose_there_is(purpose: str) -> None:
    assert search_refusal(replace(SEARCH, purpose=purpose), "search", "digest", NOW, used=False) is None


@pytest.mark.parametrize(
    ("grant", "used", "reason"),
    [
        (ENROL, False, "forged"),
        (replace(SEARCH, search_id="another"), False, "forged"),
        (replace(SEARCH, purpose="curiosity"), False, "forged"),
        (replace(SEARCH, expires_at=NOW + LONGEST_SEARCH_GRANT + timedelta(seconds=1)), False, "forged"),
        (SEARCH, True, "used"),
        (replace(SEARCH, photo_digest="another"), False, "wrong_photo"),
        (replace(SEARCH, photo_digest="another"), True, "used"),
    ],
)
def test_what_a_search_grant_does_not_admit(grant: SearchGrant, used: bool, reason: str) -> None:
    assert search_refusal(grant, "search", "digest", NOW, used=used) == reason


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (SEARCH.expires_at, None),
        (SEARCH.expires_at + timedelta(microseconds=1), "expired"),
        (NOW - CLOCKS_DIFFER, None),
        (NOW - CLOCKS_DIFFER - timedelta(seconds=1), "expired"),
    ],
)
def test_a_search_grant_has_its_time(now: datetime, reason: str | None) -> None:
    assert search_refusal(SEARCH, "search", "digest", now, used=False) == reason


def test_a_used_grant_stays_used_when_it_has_expired() -> None:
    assert search_refusal(SEARCH, "search", "digest", NOW + timedelta(days=1), used=True) == "used"


@pytest.mark.parametrize(("asked", "given"), [(-3, 1), (0, 1), (7, 7), (50, 50), (100_000, 50)])
def test_no_more_than_fifty_candidates_are_answered(asked: int, given: int) -> None:
    assert most(asked) == given
