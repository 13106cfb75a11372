"""The figures of identification: worked by hand, and against a slow plain way of counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from services.matcher.evaluation import figures
from services.matcher.evaluation.figures import Searches, difference, identification, searched

NOBODY = -np.inf
BY_HAND = np.asarray(
    [
        [0.9, 0.1, 0.2],  # mate 0: first
        [0.8, 0.7, 0.1],  # mate 1: second, behind 0
        [0.5, 0.3, 0.5],  # mate 2: a tie with 0 counts against it: second
        [0.4, NOBODY, 0.2],  # mate 1: not looked at
        [0.6, 0.2, 0.1],  # no mate in the gallery
    ]
)
MATES = np.asarray([0, 1, 2, 1, -1])


def test_ranks_by_hand_with_ties_counting_against_the_mate() -> None:
    done = searched(BY_HAND, MATES)
    assert done.rank.tolist() == [1, 2, 2, 3, 0]
    assert done.mated.tolist() == [True, True, True, True, False]
    assert done.other.tolist() == [0.2, 0.8, 0.5, 0.4, 0.6]
    assert done.mate.tolist() == [0.9, 0.7, 0.5, NOBODY, NOBODY]


def test_shares_by_hand_and_who_was_not_looked_at_is_never_found() -> None:
    done = identification(BY_HAND, MATES, samples=100)
    assert (done.probes, done.gallery, done.people) == (4, 3, 3)
    assert done.ranks[1].value == 1 / 4
    assert done.ranks[10].value == done.ranks[50].value == 3 / 4
    assert figures.cmc(done.searches, 3).tolist() == [1 / 4, 3 / 4, 3 / 4]


def test_fnir_at_fpir_by_hand() -> None:
    done = searched(BY_HAND, MATES)
    assert figures.threshold(done, 0.1) == np.nextafter(0.8, 1)
    # one false positive in five is 20 %: from above .6, and of the mates .9 and .7 are found
    assert figures.threshold(done, 0.2) == np.nextafter(0.6, 1)
    once = np.ones((1, 5), np.float32)
    assert figures.missed_at(done, 0.1)(once).tolist() == [3 / 4]
    assert figures.missed_at(done, 0.2)(once).tolist() == [2 / 4]
    assert figures.missed_at(done, 0.2, within=1)(once).tolist() == [3 / 4]
    assert figures.det(done, [0.1, 0.2, 1.0]).tolist() == [3 / 4, 2 / 4, 0.0]


def test_separation_by_hand() -> None:
    assert figures.separation(np.asarray([3.0, 5.0]), np.asarray([0.0, 2.0])) == pytest.approx(3 / np.sqrt(2))
    assert np.isnan(figures.separation(np.asarray([3.0]), np.asarray([0.0, 2.0])))


tables = st.tuples(st.integers(1, 8), st.integers(1, 6)).flatmap(
    lambda shape: st.tuples(
        arrays(np.float64, shape, elements=st.sampled_from([-np.inf, np.nan, 0.0, 1.0, 2.0, 3.0])),
        arrays(np.int64, shape[0], elements=st.integers(-1, shape[1] - 1)),
    )
)


def plain_rank(row: np.ndarray, mate: int) -> int | None:
    """The mate's rank; None where it is not found or there is none."""
    if mate < 0 or not row[mate] > NOBODY:
        return None
    return 1 + sum(bool(score >= row[mate]) for place, score in enumerate(row) if place != mate)


def plain_fnir(table: np.ndarray, mates: np.ndarray, rate: float, within: int | None = None) -> float:
    """A mate is found if a threshold at its own score gives no more false positives than are allowed."""
    best = [max((score for place, score in enumerate(row) if place != mate and not np.isnan(score)), default=NOBODY)
            for row, mate in zip(table, mates, strict=True)]  # fmt: skip
    missed = []
    for row, mate in zip(table, mates, strict=True):
        if mate < 0:
            continue
        rank = plain_rank(row, mate)
        wrong = sum(other >= row[mate] for other in best) if rank is not None else len(best)
        missed.append(wrong > rate * len(best) + 1e-9 or rank is None or (within is not None and rank > within))
    return sum(missed) / len(missed) if missed else np.nan


@given(tables)
def test_ranks_are_those_of_plain_counting(data: tuple[np.ndarray, np.ndarray]) -> None:
    table, mates = data
    done = searched(table, mates)
    found = [rank for rank in map(plain_rank, table, mates) if rank is not None]
    mated = int((mates >= 0).sum())
    for rank in range(1, table.shape[1] + 1):
        share = sum(one <= rank for one in found) / max(mated, 1)
        assert figures.cmc(done, table.shape[1])[rank - 1] == share
        if mated:
            assert figures.found_by(done, rank)(np.ones((1, len(mates)), np.float32))[0] == pytest.approx(share)


@given(tables, st.sampled_from([0.01, 0.1, 0.2, 0.25, 0.5, 0.75]), st.sampled_from([None, 1, 2]))
def test_fnir_is_that_of_plain_counting(data: tuple[np.ndarray, np.ndarray], rate: float, within: int | None) -> None:
    table, mates = data
    done = searched(table, mates)
    expected = plain_fnir(table, mates, rate, within)
    value = figures.missed_at(done, rate, within)(np.ones((1, len(mates)), np.float32))[0]
    assert value == pytest.approx(expected, nan_ok=True)
    if within is None:
        assert figures.det(done, [rate])[0] == pytest.approx(expected, nan_ok=True)


@given(tables, st.data())
def test_a_weight_counts_as_so_many_searches(data: tuple[np.ndarray, np.ndarray], draw: st.DataObject) -> None:
    table, mates = data
    times = draw.draw(arrays(np.int64, len(mates), elements=st.integers(0, 3)))
    rows = np.repeat(np.arange(len(mates)), times)
    done = searched(table, mates)
    for rate in (0.1, 0.3):
        value = figures.missed_at(done, rate)(times[None].astype(np.float32))[0]
        assert value == pytest.approx(plain_fnir(table[rows], mates[rows], rate), nan_ok=True)


@given(tables)
def test_a_larger_rank_or_rate_never_misses_more(data: tuple[np.ndarray, np.ndarray]) -> None:
    done = searched(*data)
    assert (np.diff(figures.cmc(done, 6)) >= 0).all()
    missed = figures.det(done, [0.01, 0.1, 0.3, 0.6, 1.0])
    assert np.isnan(missed).all() or (np.diff(missed) <= 0).all()


def test_thresholds_hold_at_sizes_where_single_precision_would_not() -> None:
    count = 1_000_000
    other = np.arange(count, dtype=np.float64)
    done = Searches(other + 0.5, np.ones(count, np.int64), other, np.arange(count))
    for rate in (0.001, 0.01, 0.1):
        allowed = round(rate * count)
        assert figures.threshold(done, rate) == np.nextafter(count - 1 - allowed, np.inf)
        missed = figures.missed_at(done, rate)(np.ones((1, count), np.float32))[0]
        assert missed == pytest.approx(1 - (allowed + 1) / count, abs=1e-12)


def test_without_mate_or_non_mate_searches_there_is_no_figure() -> None:
    nothing = Searches(np.zeros(0), np.zeros(0, int), np.zeros(0), np.zeros(0, int))
    assert np.isnan(figures.det(nothing, [0.1])).all()
    only_mates = Searches(np.ones(2), np.ones(2, int), np.full(2, np.nan), np.arange(2))
    assert np.isnan(figures.missed_at(only_mates, 0.1)(np.ones((1, 2), np.float32))).all()
    sometimes = Searches(np.ones(2), np.ones(2, int), np.asarray([0.5, np.nan]), np.arange(2))
    told = figures.missed_at(sometimes, 0.1)(np.asarray([[1, 1], [0, 2]], np.float32))
    assert told[0] == 0
    assert np.isnan(told[1])


def test_the_difference_of_a_thing_from_itself_is_nothing_and_of_other_probes_is_refused() -> None:
    done = identification(BY_HAND, MATES, samples=100)
    assert {(one.value, one.low, one.high) for one in difference(done, done).values()} == {(0.0, 0.0, 0.0)}
    with pytest.raises(ValueError, match="same probes"):
        difference(done, identification(BY_HAND, MATES[::-1], samples=100))


def test_a_difference_is_paired_person_by_person() -> None:
    rng = np.random.default_rng(5)
    before = rng.normal(size=(200, 50))
    mates = np.repeat(np.arange(50), 4)
    before[np.arange(200), mates] += 1
    after = before.copy()
    after[np.arange(200), mates] += 0.3
    first, second = (identification(table, mates, samples=300) for table in (before, after))
    told = difference(first, second)["rank-10"]
    assert told.value == second.ranks[10].value - first.ranks[10].value
    assert told.low > 0
    assert told.high - told.low < second.ranks[10].high - second.ranks[10].low
