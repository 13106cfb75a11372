"""When a fit is better, and what it is judged on: people whom it has not seen."""

import manypeople
import numpy as np
import pytest

from services.matcher import adapting, calibrating, labelled
from services.matcher.adapting import is_better, tried
from services.matcher.calibration import MOST_EVIDENCE, SFACE
from services.matcher.evaluation.embedding import Embedded
from services.matcher.fitting import Scatter
from services.matcher.labelled import cost_of, costs_less, folds_of, half_of, part_of
from services.matcher.learning import Pairs
from services.matcher.matching import initial
from shared.errors import HomewardError

LENGTHS = (12, 8)
START = initial(LENGTHS, SFACE)
NONE = Pairs(tuple(tuple(Scatter(0, np.zeros((n, n)), 0, np.zeros((n, n))) for n in LENGTHS) for _ in range(2)))  # type: ignore[arg-type]
CHANGE = np.where(np.arange(20) % 4 == 0, 3.0, 0.4)


def solved(count: int, seed: int = 1) -> Embedded:
    """People whose faces change much along every fourth number; the second network is the better one."""
    rng = np.random.default_rng(seed)
    rows: manypeople.Rows = [(f"p{n:03}", "gallery" if age < 10 else "probe", age)
                             for n in range(count) for age in (5.0, 7.0, 20.0)]  # fmt: skip
    centres = np.repeat(rng.normal(size=(count, 20)), 3, axis=0)
    noise = rng.normal(size=centres.shape) * CHANGE
    noise[:, :12] *= 1.5
    return manypeople.embedded(rows, centres + noise)[1]


def test_halves_share_no_person_and_both_have_all_kinds() -> None:
    rows: manypeople.Rows = [(f"p{n}", role, None) for n in range(40) for role in ("gallery", "probe")]  # type: ignore[misc]
    rows += [(f"q{n}", "gallery", None) for n in range(20)]
    data = manypeople.embedded(rows, np.random.default_rng(0).normal(size=(100, 20)))[1]
    half = folds_of(data)
    assert not set(data.identity[half]) & set(data.identity[~half])
    assert half.sum() == (~half).sum() == 50
    assert part_of(data, half).ids == tuple(np.asarray(data.ids)[half])


def test_39_people_are_too_few_and_40_enough_for_a_fit_and_its_own_halves() -> None:
    with pytest.raises(HomewardError, match="Only 39 people"):
        folds_of(solved(39))
    for trial in tried(solved(40), START, NONE):
        assert trial.cost_after < 0.7 < trial.cost_before
        assert (trial.after.searches.other < MOST_EVIDENCE).all(), "strangers' scores on the fitted metric's own scale"


def test_a_fit_is_better_on_people_unseen_and_weighs_the_better_network_more() -> None:
    data = solved(80)
    assert is_better(tried(data, START, NONE))
    matching = adapting.fitted(data, START, NONE)
    first, second = (part.weight for part in matching.metric.parts)
    assert second > first > 0
    assert first + second == pytest.approx(1)
    unseen = solved(80, seed=2)
    assert cost_of(unseen, matching) < 0.5 * cost_of(unseen, START)


def test_its_likelihood_ratios_are_as_good_as_those_that_people_unseen_would_teach() -> None:
    matching, unseen = adapting.fitted(solved(80), START, NONE), solved(200, seed=3)
    for before, after in calibrating.tried(unseen, matching):
        assert before < after + 0.05


def test_what_is_in_use_is_not_better_than_itself() -> None:
    data = solved(80)
    half = half_of(data)
    known = adapting.fitted(part_of(data, half), START, NONE)
    trial = adapting.Trial(*(adapting._measured(part_of(data, ~half), known) for _ in range(2)), 0.3, 0.3)
    assert not is_better([trial, trial])


def test_ratios_that_say_nothing_never_take_the_place_of_any() -> None:
    assert costs_less(0.6, 0.5)
    assert not costs_less(0.5, 0.5)
    assert not costs_less(2.9, 1.0)
    assert not costs_less(2.9, labelled.MOST_COST)
