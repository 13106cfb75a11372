"""One measurement from a dataset's vectors: each metric's figures, by age, as it is set, and its worst misses."""

from dataclasses import dataclass

import numpy as np

from services.matcher.evaluation.datasets import Dataset
from services.matcher.evaluation.embedding import Embedded
from services.matcher.evaluation.figures import Identification, identification
from services.matcher.evaluation.groups import AGE_LIMITS, GAP_LIMITS, Group, Setting, grouped, setting
from services.matcher.evaluation.scoring import Scored, age_of, scored
from services.matcher.evaluation.verification import Verification, verification
from services.matcher.matching import Matching
from services.matcher.rules import Hit
from services.matcher.searching import weigh
from shared.errors import ConfigError

BANDS: tuple[str | None, ...] = ("very_strong", "strong", "moderate", "weak", None)
WORST = 50


@dataclass(frozen=True)
class Miss:
    """A mate search, by ids alone: the mate's rank and evidence (-inf: not found at all), and who stood first."""

    probe: str
    person: str
    rank: int
    score: float
    photo: str
    first: str
    first_score: float


@dataclass(frozen=True, eq=False)
class Measured:
    """One metric's figures. `people`: who was missed, as (id, mate searches, those not within 50, worst rank)."""

    name: str
    version: str
    done: Identification
    by_age: tuple[Group, ...]
    by_gap: tuple[Group, ...]
    setting: Setting
    worst: tuple[Miss, ...]
    people: tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, eq=False)
class Compared:
    """One metric's figures on a pairs file."""

    name: str
    version: str
    done: Verification


def check(dataset: Dataset) -> None:
    """Raises ConfigError where the data cannot say anything."""
    if dataset.layout == "pairs":
        _need(any(pair.same for pair in dataset.pairs), dataset, "a pair of one person (same = 1)")
        _need(any(not pair.same for pair in dataset.pairs), dataset, "a pair of two people (same = 0)")
        return
    roles = {photo.role for photo in dataset.photos}
    people = {photo.identity for photo in dataset.photos if photo.role == "gallery"}
    _need("gallery" in roles, dataset, "a young photo of anybody for the gallery")
    _need(len(people) > 1, dataset, "gallery photos of at least two people: who is alone is always found")
    _need("probe" in roles, dataset, "a later photo of anybody to search with")


def _need(there: bool, dataset: Dataset, what: str) -> None:
    if not there:
        raise ConfigError(f"Nothing can be measured on {dataset.name}: it needs {what}; see docs/evaluating.md.")


def measured(data: Embedded, dataset: Dataset, name: str, matching: Matching, samples: int, seed: int) -> Measured:
    """Every probe searched, every figure. Raises ConfigError where too few photos had a face."""
    gallery = np.unique(data.identity[data.role == "gallery"])
    _need(len(gallery) > 1, dataset, "gallery photos with a face of at least two people")
    found = scored(data, matching)
    _need(bool((found.mate >= 0).any()), dataset, "a later photo with a face of somebody in the gallery")
    done = identification(found.scores, found.mate, found.people, samples=samples, seed=seed)
    ages, gaps = _ages(data, found)
    return Measured(
        name,
        matching.metric.version,
        done,
        grouped(done, ages, AGE_LIMITS),
        grouped(done, gaps, GAP_LIMITS),
        setting(done, matching.calibration.band, BANDS),
        worst(data, found, done),
        missed_people(data, done),
    )


def compared(data: Embedded, dataset: Dataset, name: str, matching: Matching, samples: int, seed: int) -> Compared:
    """Every pair whose photos both have a face, the first taken as the gallery's. Raises ConfigError if none is."""
    place = {int(at): number for number, at in enumerate(data.place)}
    pairs = [pair for pair in dataset.pairs if pair.first in place and pair.second in place]
    first = np.asarray([place[pair.first] for pair in pairs], np.int64)
    second = np.asarray([place[pair.second] for pair in pairs], np.int64)
    same = np.asarray([pair.same for pair in pairs], bool)
    _need(
        bool(same.any()) and not same.all(), dataset, "pairs of one person and of two people with a face on each photo"
    )
    templates = matching.metric.templates(data.vectors[first], data.ages[first])
    raw = (templates * matching.metric.probes(data.vectors[second], data.ages[second])).sum(axis=1)
    scores = [
        weigh([Hit("", "", float(score), age_of(data, a), float(data.quality[a]))], matching, age_of(data, b))[
            0
        ].evidence
        for score, a, b in zip(raw, first, second, strict=True)
    ]
    done = verification(np.asarray(scores), same, data.identity[first], samples=samples, seed=seed)
    return Compared(name, matching.metric.version, done)


def _ages(data: Embedded, found: Scored) -> tuple[np.ndarray, np.ndarray]:
    """Of each probe's mate: the age on its latest gallery photo, and the years from there to the probe."""
    latest = np.full(len(data.names), np.nan)
    for at in np.flatnonzero((data.role == "gallery") & ~np.isnan(data.ages)):
        latest[data.identity[at]] = np.fmax(latest[data.identity[at]], data.ages[at])
    ages = latest[found.people]
    return ages, data.ages[found.probe] - ages


def worst(data: Embedded, found: Scored, done: Identification, most: int = WORST) -> tuple[Miss, ...]:
    """The mate searches whose mate ranks lowest, those of one rank by their score; only those not at rank one."""
    searches = done.searches
    rows = np.flatnonzero(searches.mated & ((searches.rank > 1) | np.isneginf(searches.mate)))
    order = sorted(rows, key=lambda row: (-searches.rank[row], searches.mate[row]))
    return tuple(_miss(data, found, done, int(row)) for row in order[:most])


def _miss(data: Embedded, found: Scored, done: Identification, row: int) -> Miss:
    first = int(np.argmax(np.where(np.isnan(found.scores[row]), -np.inf, found.scores[row])))
    photo = int(found.best[row, found.mate[row]])
    return Miss(
        data.ids[found.probe[row]],
        data.names[found.people[row]],
        int(done.searches.rank[row]),
        float(done.searches.mate[row]),
        data.ids[photo] if photo >= 0 else "",
        data.names[found.gallery_identity[first]],
        float(found.scores[row, first]),
    )


def missed_people(data: Embedded, done: Identification, within: int = 50) -> tuple[tuple[str, int, int, int], ...]:
    """Who was not among the first 50 in any of their searches, who was missed most often first."""
    searches = done.searches
    late = searches.mated & ((searches.rank > within) | np.isneginf(searches.mate))
    rows: list[tuple[str, int, int, int]] = []
    for person in np.unique(searches.people[late]):
        own = searches.mated & (searches.people == person)
        rows.append((data.names[person], int(own.sum()), int(late[own].sum()), int(searches.rank[own].max())))
    return tuple(sorted(rows, key=lambda row: (-row[2], -row[3], row[0])))
