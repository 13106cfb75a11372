"""What a grant admits, and how candidates are ranked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.matcher.rules import (
    CLOCKS_DIFFER,
    LONGEST_SEARCH_GRANT,
    Hit,
    Scale,
    best_per_case,
    may_enrol,
    most,
    ranked,
    search_refusal,
)
from shared.grants import EnrolmentGrant, SearchGrant

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ENROL = EnrolmentGrant("case", "digest", 9.0, NOW)
SEARCH = SearchGrant("search", "digest", "officer_probe", NOW, NOW + timedelta(seconds=120))
SCALE = Scale(floor=0.3, moderate=0.4, strong=0.5, very_strong=0.6)
HERE, THERE = (0.2, 0.4), (0.8, 0.4)


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


def test_each_score_has_its_band() -> None:
    bands = [SCALE.band(score) for score in (0.3, 0.3999, 0.4, 0.5, 0.6, 1.0)]
    assert bands == ["weak", "weak", "moderate", "strong", "very_strong", "very_strong"]


def test_the_best_photo_of_each_case_is_taken_and_no_more_is_read_than_needed() -> None:
    def hits():  # type: ignore[no-untyped-def]
        yield from (Hit("a", "1", 0.9), Hit("a", "2", 0.8), Hit("b", "3", 0.7))
        raise AssertionError("read too far")

    assert best_per_case(hits(), 2) == [Hit("a", "1", 0.9), Hit("b", "3", 0.7)]


def test_candidates_over_several_faces_are_ranked_together_each_case_by_its_best_face() -> None:
    found = [
        (HERE, [Hit("a", "a1", 0.65, 8.0), Hit("b", "b1", 0.35)]),
        (THERE, [Hit("c", "c1", 0.7, 10.0), Hit("a", "a2", 0.55)]),
    ]
    answer = ranked(found, SCALE, 14.0, 50)
    assert [(c.rank, c.case_key, c.photo_id, c.face, c.band, c.age_gap) for c in answer] == [
        (1, "c", "c1", THERE, "very_strong", 4.0),
        (2, "a", "a1", HERE, "very_strong", 6.0),
        (3, "b", "b1", HERE, "weak", None),
    ]
    assert ranked(found, SCALE, None, 1) == (replace(answer[0], age_gap=None),)


def test_nothing_below_the_floor_is_a_candidate() -> None:
    assert ranked([(HERE, [Hit("a", "1", 0.2999)])], SCALE, None, 50) == ()


@pytest.mark.parametrize(("asked", "given"), [(-3, 1), (0, 1), (7, 7), (50, 50), (100_000, 50)])
def test_no_more_than_fifty_candidates_are_answered(asked: int, given: int) -> None:
    assert most(asked) == given
