"""What labelled pairs teach, and that nothing else is learned from them."""

import numpy as np
import pytest

from services.matcher.fitting import Scatter, cost, odds

RNG = np.random.default_rng(3)


def labelled(count: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Strangers at 0, mates at 3, both with spread 1: the true log-likelihood ratio of z is 3 z - 4.5."""
    same = np.arange(count) % 2 == 0
    return RNG.normal(size=count) + 3.0 * same, np.zeros(count), same


def test_odds_are_the_likelihood_ratio_of_the_two_normals() -> None:
    told = odds(*labelled())
    assert told.slope == pytest.approx(3.0, abs=0.4)
    assert told.base == pytest.approx(-4.5, abs=0.7)


def test_how_many_of_each_kind_there_are_changes_nothing() -> None:
    z, apart, same = labelled(40_000)
    kept = same | (np.arange(len(same)) % 10 == 1)
    one, other = odds(z, apart, same), odds(z[kept], apart[kept], same[kept])
    assert other.base == pytest.approx(one.base, abs=0.5)


def test_pairs_of_one_kind_only_teach_nothing() -> None:
    with pytest.raises(ValueError, match="both needed"):
        odds(np.ones(5), np.zeros(5), np.ones(5, bool))


def test_the_cost_is_one_for_who_says_nothing_and_less_for_who_knows() -> None:
    z, apart, same = labelled()
    assert cost(np.zeros(len(z)), same) == pytest.approx(1.0)
    told = odds(z, apart, same)
    assert cost(told.base + told.slope * z, same) < 0.4
    assert cost(-(told.base + told.slope * z), same) > 1


def test_a_scatter_of_two_sets_is_the_sum_of_both() -> None:
    vectors, person = RNG.normal(size=(90, 6)), np.repeat(np.arange(30), 3)
    whole = Scatter.of(vectors, person)
    parts = Scatter.of(vectors[:45], person[:45]) + Scatter.of(vectors[45:], person[45:])
    assert np.allclose(whole.within, parts.within)
    assert np.allclose(whole.total, parts.total)
    assert (whole.pairs, whole.faces) == (parts.pairs, parts.faces) == (60, 90)
