"""From vectors to figures by the code that ranks candidates in production; by age, as it is set, and who was missed."""

import manypeople as people
import numpy as np
import pytest

from services.matcher.calibration import SFACE
from services.matcher.evaluation import measuring, scoring
from services.matcher.evaluation.datasets import Dataset, Pair
from services.matcher.evaluation.groups import GAP_LIMITS, grouped
from services.matcher.evaluation.measuring import BANDS, measured
from services.matcher.matching import initial
from services.matcher.metric import unit
from services.matcher.rules import Hit
from services.matcher.searching import LOOKED_AT
from shared.errors import ConfigError

PLAIN = initial((16,), SFACE)


def test_a_search_is_scored_as_production_weighs_a_case() -> None:
    _, data = people.drawn(12)
    found = scoring.scored(data, PLAIN)
    assert found.scores.shape == (24, 12)
    for row, probe in enumerate(found.probe):
        for column, person in enumerate(found.gallery_identity):
            photos = [at for at in np.flatnonzero(data.identity == person) if data.role[at] == "gallery"]
            hits = [
                Hit("", str(at), float(data.vectors[at] @ data.vectors[probe]), float(data.ages[at])) for at in photos
            ]
            weighed = PLAIN.calibration.weigh(hits, float(data.ages[probe]))
            assert found.scores[row, column] == pytest.approx(weighed.evidence, abs=1e-4)
            assert str(found.best[row, column]) == weighed.best.photo_id
    assert (found.gallery_identity[found.mate] == found.people).all()


def test_who_is_beyond_those_production_looks_at_counts_as_not_found() -> None:
    count = LOOKED_AT + 20
    _, data = people.drawn(count, change=3.0)
    found = scoring.scored(data, PLAIN)
    assert (np.isneginf(found.scores).sum(axis=1) == 20).all()
    assert ((found.best == -1) == np.isneginf(found.scores)).all()


def test_probes_of_people_who_are_not_in_the_gallery_have_no_mate_but_count_for_false_positives() -> None:
    rows: people.Rows = [("ann", "gallery", 6.0), ("bo", "gallery", 7.0), ("cy", "probe", 30.0), ("ann", "probe", 30.0)]
    dataset, data = people.embedded(rows, np.eye(4, 16) + 0.1)
    done = measured(data, dataset, "plain", PLAIN, 100, 3).done
    assert (done.probes, done.people, done.gallery) == (1, 1, 2)
    assert np.isfinite(done.searches.other).sum() == 2


def test_groups_are_by_the_mate_s_latest_gallery_photo_and_the_years_since() -> None:
    dataset, data = people.drawn(30)
    told = measured(data, dataset, "plain", PLAIN, 100, 3)
    assert [(group.label, group.probes, group.people) for group in told.by_age] == [("5–7", 60, 30)]
    assert [(group.label, group.probes) for group in told.by_gap] == [("5–9", 30), ("15–19", 30)]
    (whole,) = told.by_age
    assert whole.ranks[1].value == told.done.ranks[1].value
    assert whole.fnir.value == told.done.fnir[0.1].value
    assert whole.fpir.value <= 0.1


def test_every_year_is_in_one_group_and_an_unknown_one_in_none() -> None:
    dataset, data = people.drawn(30)
    done = measured(data, dataset, "plain", PLAIN, 100, 3).done
    years = np.repeat([0.0, 1.99, 2.0, 29.9, 30.0, 90.0], 10)
    groups = grouped(done, years, GAP_LIMITS)
    assert [(group.label, group.probes) for group in groups] == [
        ("0–1", 20), ("2–4", 10), ("20–29", 10), ("30 and more", 20),
    ]  # fmt: skip
    assert grouped(done, np.full(60, np.nan), GAP_LIMITS) == ()
    shares = sum(group.ranks[1].value * group.probes for group in groups)
    assert shares == pytest.approx(done.ranks[1].value * 60)


def test_as_it_is_set_every_search_has_one_band() -> None:
    dataset, data = people.drawn(40)
    setting = measured(data, dataset, "plain", PLAIN, 100, 3).setting
    assert [name for name, *_ in setting.bands] == list(BANDS)
    assert sum(mates for _, mates, _ in setting.bands) == pytest.approx(1)
    assert sum(others for *_, others in setting.bands) == pytest.approx(1)
    assert setting.fpir == pytest.approx(1 - setting.bands[-1][2])
    assert setting.fnir >= setting.bands[-1][1]


def test_the_worst_misses_are_told_by_id_with_who_stood_first() -> None:
    dataset, data = people.drawn(60, change=2.0)
    told = measured(data, dataset, "plain", PLAIN, 100, 3)
    ranks = [miss.rank for miss in told.worst]
    assert ranks == sorted(ranks, reverse=True)
    assert min(ranks) > 1
    worst = told.worst[0]
    assert worst.person == worst.probe.split("/")[0] != worst.first
    assert worst.photo.startswith(worst.person)
    assert worst.first_score >= worst.score
    assert told.people == () or told.people[0][3] > 50


def test_data_without_faces_on_a_side_is_refused_in_words() -> None:
    rows: people.Rows = [("ann", "gallery", 6.0), ("bo", "gallery", 7.0), ("cy", "probe", 30.0)]
    dataset, data = people.embedded(rows, np.eye(3, 16), lost=[("ann", "probe", 30.0)])
    with pytest.raises(ConfigError, match="a later photo with a face of somebody in the gallery"):
        measured(data, dataset, "plain", PLAIN, 100, 3)
    dataset, data = people.embedded([rows[0], rows[2]], np.eye(2, 16), lost=[("bo", "gallery", 7.0)])
    with pytest.raises(ConfigError, match="gallery photos with a face of at least two people"):
        measured(data, dataset, "plain", PLAIN, 100, 3)


def test_pairs_whose_photos_both_have_a_face_are_compared_and_a_copy_is_the_same_person() -> None:
    rows: people.Rows = [(f"p{number}", "unused", None) for number in range(6)]
    dataset, data = people.embedded(rows, unit(np.eye(6, 16) + 0.05), lost=[("gone", "unused", None)])
    pairs = Dataset(
        "pairs", "pairs", dataset.photos,
        tuple(Pair(a, b, a == b) for a in range(7) for b in range(7)),
    )  # fmt: skip
    done = measuring.compared(data, pairs, "plain", PLAIN, 100, 3).done
    assert (done.same, done.different) == (6, 30)
    assert done.equal == 0
