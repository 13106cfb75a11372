"""What an officer is told of a score."""

import math
from itertools import pairwise
from statistics import NormalDist

import pytest

from services.matcher.calibration import (
    MOST_EVIDENCE,
    SFACE,
    Calibration,
    Odds,
    rarity,
    strangers_everywhere,
    together,
)
from services.matcher.rules import Hit

STANDARD = Calibration(strangers_everywhere(0.0, 1.0))


def test_a_score_that_one_stranger_in_a_thousand_reaches_has_three_of_evidence() -> None:
    assert rarity(3.0902) == pytest.approx(3.0, abs=0.001)
    assert rarity(0.0) == pytest.approx(-math.log10(0.5))
    assert rarity(-3) == pytest.approx(0, abs=0.001)


def test_rarity_goes_on_rising_where_the_tail_can_no_longer_be_counted() -> None:
    told = [rarity(z / 10) for z in range(0, 400)]
    assert all(later > earlier for earlier, later in pairwise(told))
    assert rarity(8.0001) == pytest.approx(rarity(7.9999), abs=0.02)


def test_the_more_cases_are_compared_the_rarer_a_score_must_be_for_the_same_band() -> None:
    bands = [STANDARD.band(5.1, cases) for cases in (1, 100, 1_000, 10_000, 100_000, 1_000_000)]
    assert bands == ["very_strong", "very_strong", "strong", "moderate", "weak", None]


def test_strangers_as_the_network_s_authors_know_them_are_not_answered_and_their_threshold_is_the_weakest() -> None:
    def band(cosine: float) -> str | None:
        return SFACE.band(SFACE.weigh([Hit("c", "p", cosine)], None).evidence, 10)

    assert [band(0.25), band(0.363), band(0.59), band(0.76)] == [None, "weak", "strong", "very_strong"]


def test_several_photos_weigh_no_more_than_the_best_and_no_less_than_it_alone_among_as_many() -> None:
    assert together([3.0]) == 3.0
    assert together([3.0, 3.0]) == pytest.approx(3.0)
    assert 3 - math.log10(2) <= together([3.0, -9.0]) < 3.0


def test_the_most_telling_photo_stands_for_the_case() -> None:
    weighed = STANDARD.weigh([Hit("c", "far", 1.0), Hit("c", "near", 4.0), Hit("c", "mid", 2.0)], 14.0)
    assert weighed.best.photo_id == "near"


def test_labelled_odds_count_the_years_apart_and_evidence_has_an_end() -> None:
    fitted = Calibration(strangers_everywhere(0.0, 1.0), Odds(base=-4.0, slope=2.0, gap=0.1))
    assert fitted.evidence(3.0, 8.0, 18.0) == pytest.approx(3.0 / math.log(10))
    assert fitted.evidence(3.0, None, 18.0) == pytest.approx(2.0 / math.log(10))
    assert fitted.evidence(1e6, None, None) == MOST_EVIDENCE
    assert STANDARD.evidence(-1e6, None, None) >= 0


@pytest.mark.parametrize("cases", [100, 1_000, 100_000])
def test_the_floor_is_the_same_rate_of_strangers_however_little_the_odds_say_there(cases: int) -> None:
    honest = Calibration(STANDARD.strangers, Odds(base=-3.0, slope=2.0))
    at_floor = NormalDist().inv_cdf(1 - 1 / cases)
    for calibration in (STANDARD, honest):
        above, below = (calibration.weight(at_floor + step, 0) for step in (0.01, -0.01))
        assert calibration.band(above, cases) == "weak"
        assert calibration.band(below, cases) is None


def test_the_floor_does_not_hide_who_was_away_for_years() -> None:
    fading = Calibration(STANDARD.strangers, Odds(base=-3.0, slope=2.0, gap=-0.1))
    at_floor = NormalDist().inv_cdf(1 - 1 / 1_000)
    assert fading.band(fading.weight(at_floor + 0.01, 20), 1_000) == "weak"
    assert fading.band(fading.weight(at_floor + 0.01, 60), 1_000) is None
