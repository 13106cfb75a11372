"""Intervals over people: who stands behind many photos is drawn as one."""

import numpy as np

from services.matcher.evaluation import bootstrap
from services.matcher.evaluation.bootstrap import figure, share, weights


def test_all_photos_of_a_person_are_drawn_together_and_as_many_people_as_there_are() -> None:
    people = np.asarray([7, 7, 3, 9, 9, 9])
    drawn = np.concatenate(list(weights(people, 250, seed=1)))
    assert drawn.shape == (250, 6)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert (drawn[:, 3] == drawn[:, 5]).all()
    assert (drawn[:, 0] + drawn[:, 2] + drawn[:, 3] == 3).all()


def test_one_seed_gives_one_interval_and_another_seed_another() -> None:
    hit = np.random.default_rng(0).random(90) < 0.4
    people = np.repeat(np.arange(30), 3)
    once, again, other = (figure(share(hit), people, 200, seed) for seed in (3, 3, 4))
    assert once == again
    assert once.value == other.value
    assert (once.low, once.high) != (other.low, other.high)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    people = np.repeat(np.arange(60), 5)
    inside = []
    for seed in range(200):
        alike = rng.random(60) < 0.3  # all five photos of a person are found, or none
        found = figure(share(np.repeat(alike, 5)), people, 200, seed)
        inside.append(found.low <= 0.3 <= found.high)
    assert 0.88 <= np.mean(inside) <= 0.99


def test_photos_of_few_people_say_less_than_photos_of_many() -> None:
    hit = np.repeat(np.random.default_rng(2).random(40) < 0.5, 10)
    few = figure(share(hit), np.repeat(np.arange(40), 10))
    many = figure(share(hit), np.arange(400))
    assert few.value == many.value
    assert few.high - few.low > 2 * (many.high - many.low)


def test_a_share_among_some_counts_only_those_and_of_none_there_is_none() -> None:
    hit, among = np.asarray([True, True, False, False]), np.asarray([True, False, True, False])
    assert figure(share(hit, among), np.arange(4), 100).value == 0.5
    nobody = figure(share(hit, np.zeros(4, bool)), np.arange(4), 100)
    assert np.isnan([nobody.value, nobody.low, nobody.high]).all()
    empty = figure(share(np.zeros(0, bool)), np.zeros(0, int))
    assert empty.of == 0
    assert np.isnan(empty.value)
    assert np.isnan(bootstrap.interval(np.full(3, np.nan))).all()
