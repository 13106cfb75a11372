"""Numbers that speak of no person."""

from datetime import UTC, datetime, timedelta

import pytest

from services.review.insight import charts, rules

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(("count", "told"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (120, "120")])
def test_a_count_from_one_to_four_is_not_told(count: int, told: str) -> None:
    assert rules.told(count) == told


def test_a_median_of_fewer_than_five_is_not_told() -> None:
    hours = [timedelta(hours=hour) for hour in (1, 2, 3, 4, 100)]
    assert rules.middle(hours[:4]) is None and rules.middle(hours) == timedelta(hours=3)


def test_agreement_is_told_in_steps_and_against_chance() -> None:
    pairs = [("confirmed", "confirmed")] * 5 + [("rejected", "rejected")] * 4 + [("rejected", "confirmed")]
    assert rules.agreement(pairs) == rules.Agreement(0.9, 0.8)
    assert rules.agreement(pairs[:4]) is None
    assert rules.agreement([("rejected", "rejected")] * 5) == rules.Agreement(1.0, None)


def test_weeks_follow_each_other_and_hold_each_moment_once() -> None:
    moments = [NOW, NOW - timedelta(days=6), NOW - timedelta(days=8), NOW - timedelta(days=400)]
    weeks = rules.by_week(moments, NOW, 3)
    assert [count for _, count in weeks] == [0, 1, 2] and weeks[0][0] == NOW - timedelta(weeks=3)


def test_a_small_count_looks_the_same_whatever_it_is() -> None:
    assert charts.bars([("a", 1), ("b", 50)], "x") == charts.bars([("a", 4), ("b", 50)], "x")
    assert charts.columns([("a", 2)], "x") == charts.columns([("a", 3)], "x")
    assert "&lt;script&gt;" in charts.bars([("<script>", 9)], "x")
