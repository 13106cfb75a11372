"""What the metric promises whatever it was fitted on: symmetry, scale, and never a NaN."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matcher import fitting
from services.matcher.fitting import Scatter, Sums
from services.matcher.metric import UNKNOWN, Metric, Part, band_of, centred_by, no_means, plain, unit

RNG = np.random.default_rng(5)
D, PEOPLE, PHOTOS = 12, 200, 3
AGES = np.asarray([0.5, 3, 6, 9, 12, 16, 30, np.nan], np.float32)


def people() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors (n, D) of people whose faces change along three directions only, ages (n,) and the person of each."""
    centre = RNG.normal(size=(PEOPLE, D))
    change = RNG.normal(size=(PEOPLE, PHOTOS, D)) * np.where(np.arange(D) < 3, 3.0, 0.3)
    ages = np.tile(np.asarray([4.0, 9.0, 17.0], np.float32), PEOPLE)
    return unit((centre[:, None] + change + 0.5).reshape(-1, D)), ages, np.repeat(np.arange(PEOPLE), PHOTOS)


def fitted(vectors: np.ndarray, ages: np.ndarray, person: np.ndarray) -> Metric:
    mean = fitting.means(Sums.of(vectors, ages), Sums.of(vectors, ages))
    centred = Part(mean).centred(vectors, ages, 0)
    return Metric("fitted", (D,), (fitting.likelihood_ratio(mean, Scatter.of(centred, person), 1.0),))


VECTORS, YEARS, PERSON = people()
METRICS = {
    "plain": plain((D,)),
    "centred": centred_by([fitting.means(Sums.of(VECTORS, YEARS), Sums.of(VECTORS, YEARS))], "centred"),
    "fitted": fitted(VECTORS, YEARS, PERSON),
    "of two networks": centred_by([no_means(5), no_means(D - 5)], "two"),
}
EVERY = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
numbers = st.floats(-1e6, 1e6, allow_nan=False, width=32)
faces = st.lists(numbers, min_size=D, max_size=D).map(lambda row: np.asarray([row], np.float32))
ages = st.sampled_from(list(AGES))


def score(metric: Metric, template: np.ndarray, probe: np.ndarray, age: float = np.nan, later: float = np.nan) -> float:
    years = np.asarray([age], np.float32), np.asarray([later], np.float32)
    return float((metric.templates(template, years[0]) @ metric.probes(probe, years[1]).T)[0, 0])


@EVERY
@settings(max_examples=60, deadline=None)
@given(one=faces, other=faces, age=ages, later=ages)
def test_no_face_at_any_age_has_a_score_that_is_not_finite(
    metric: Metric, one: np.ndarray, other: np.ndarray, age: float, later: float
) -> None:
    assert np.isfinite(score(metric, one, other, age, later))


@EVERY
@settings(max_examples=60, deadline=None)
@given(one=faces, other=faces, age=ages)
def test_where_both_sides_are_centred_alike_the_order_of_a_pair_does_not_matter(
    metric: Metric, one: np.ndarray, other: np.ndarray, age: float
) -> None:
    assert score(metric, one, other, age, age) == pytest.approx(score(metric, other, one, age, age), abs=1e-3, rel=1e-3)


@EVERY
@settings(max_examples=60, deadline=None)
@given(one=st.integers(0, len(VECTORS) - 1), other=st.integers(0, len(VECTORS) - 1), times=st.floats(1e-3, 1e3))
def test_how_long_a_networks_vector_was_does_not_matter(metric: Metric, one: int, other: int, times: float) -> None:
    first, second = VECTORS[one : one + 1], VECTORS[other : other + 1]
    assert score(metric, first * times, second) == pytest.approx(score(metric, first, second), abs=1e-4)


@EVERY
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_vector_that_is_not_finite_is_refused(metric: Metric, bad: float) -> None:
    vector = VECTORS[:1].copy()
    vector[0, 3] = bad
    with pytest.raises(ValueError, match="not finite"):
        metric.templates(vector, YEARS[:1])


@EVERY
def test_projections_have_the_length_that_is_promised(metric: Metric) -> None:
    assert metric.templates(VECTORS, YEARS).shape == metric.probes(VECTORS, YEARS).shape == (600, metric.dimension)
    assert metric.templates(VECTORS[:0], YEARS[:0]).shape == (0, metric.dimension)


def ranks(metric: Metric) -> float:
    """Mean rank of the right person for the oldest photo among everybody's youngest."""
    young, old = np.arange(0, 600, 3), np.arange(2, 600, 3)
    scores = metric.probes(VECTORS[old], YEARS[old]) @ metric.templates(VECTORS[young], YEARS[young]).T
    return float((scores > np.diag(scores)[:, None]).sum(1).mean())


def test_each_step_finds_aged_people_better_than_the_one_before() -> None:
    assert ranks(METRICS["fitted"]) < ranks(METRICS["centred"]) / 2 < ranks(METRICS["plain"]) / 2


def test_the_likelihood_ratio_is_the_one_of_the_two_gaussians() -> None:
    part = METRICS["fitted"].parts[0]
    assert part.turn is not None
    pair = part.centred(VECTORS[:2], YEARS[:2], 0).astype(np.float64) @ part.turn
    b = _between(part)
    expected = 0.0
    for x, each in zip(pair.T, b, strict=True):
        one, two = np.asarray([[1 + each, each], [each, 1 + each]]), np.eye(2) * (1 + each)
        expected += _log_density(x, one) - _log_density(x, two)
    assert score(METRICS["fitted"], VECTORS[:1], VECTORS[1:2], YEARS[0], YEARS[1]) == pytest.approx(expected, rel=1e-3)


def _between(part: Part) -> np.ndarray:
    """b from across = b / (1 + 2 b)."""
    return part.across / (1 - 2 * part.across)


def _log_density(x: np.ndarray, covariance: np.ndarray) -> float:
    return float(-0.5 * (x @ np.linalg.inv(covariance) @ x + np.log(np.linalg.det(covariance))))


def test_ages_fall_into_bands_and_an_unknown_age_into_its_own() -> None:
    assert band_of(AGES).tolist() == [0, 1, 2, 3, 4, 5, 6, UNKNOWN]


def test_a_band_without_faces_has_the_means_of_its_side_and_an_empty_side_those_of_the_other() -> None:
    known = Sums.of(np.tile(VECTORS[:1], (5000, 1)), np.full(5000, 9.0))
    none = Sums(np.zeros(UNKNOWN + 1), np.zeros((UNKNOWN + 1, D)))
    mean = fitting.means(known, none)
    assert np.allclose(mean[0], VECTORS[0], atol=0.02)
    assert np.allclose(mean[1], VECTORS[0], atol=0.02)
    assert not fitting.means(none, none).any()
