"""The figures of pairs, worked by hand."""

import numpy as np
import pytest

from services.matcher.evaluation import figures
from services.matcher.evaluation.verification import verification


def test_fnmr_at_fmr_by_hand() -> None:
    same = np.asarray([True] * 4 + [False] * 10)
    scores = np.asarray([9.0, 6.0, 5.0, 0.5, 7.0, 5.0, 1.0, 0, 0, 0, 0, 0, 0, 0])
    done = verification(scores, same, np.arange(14), samples=200)
    assert (done.same, done.different) == (4, 10)
    # one false match in ten is 10 %: from above 5, which leaves 9 and 6
    assert done.thresholds[0.1] == np.nextafter(5, 6)
    assert done.fnmr[0.1].value == 2 / 4
    assert done.thresholds[0.001] == done.thresholds[0.01] == np.nextafter(7, 8)
    assert done.fnmr[0.01].value == 3 / 4
    # from 5 on two in ten match falsely and one in four is missed; no threshold brings both closer
    assert done.equal == pytest.approx((0.25 + 0.2) / 2, abs=0.03)


def test_pairs_that_are_all_told_apart_have_no_error_and_pairs_told_by_chance_have_half() -> None:
    same = np.repeat([True, False], 500)
    apart = verification(same * 1.0 + np.random.default_rng(1).random(1000) / 2, same, np.arange(1000), samples=100)
    assert apart.equal == 0
    assert {one.value for one in apart.fnmr.values()} == {0.0}
    chance = verification(np.random.default_rng(2).random(1000), same, np.arange(1000), samples=100)
    assert chance.equal == pytest.approx(0.5, abs=0.05)


def test_the_curve_and_the_figures_are_of_one_count() -> None:
    rng = np.random.default_rng(3)
    same = rng.random(400) < 0.5
    done = verification(rng.normal(size=400) + same, same, np.arange(400), samples=100)
    for rate, figure in done.fnmr.items():
        assert figures.det(done.searches, [rate])[0] == pytest.approx(figure.value)
        assert figure.low <= figure.value <= figure.high
