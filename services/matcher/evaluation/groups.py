"""The figures of some of the searches: by the child's age in the gallery, and by the years until the probe. Pure numpy.

Ranks are in the whole gallery and thresholds those of all searches: a group shows whom one setting serves worse.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from services.matcher.evaluation import bootstrap
from services.matcher.evaluation.bootstrap import Figure, share
from services.matcher.evaluation.figures import ANSWERED, FALSE_POSITIVE_RATES, RANKS, Identification

AGE_LIMITS = (0, 2, 5, 8, 11, 14, 18)
GAP_LIMITS = (0, 2, 5, 10, 15, 20, 30)
RATE = FALSE_POSITIVE_RATES[-1]


@dataclass(frozen=True)
class Group:
    """`fnir` at the threshold where FPIR over all is 10 %, and `fpir` of this group's searches at it."""

    label: str
    probes: int
    people: int
    ranks: dict[int, Figure]
    fnir: Figure
    fpir: Figure


def grouped(done: Identification, years: np.ndarray, limits: Sequence[int]) -> tuple[Group, ...]:
    """A group for each band between `limits` in which `years` (probes,), NaN unknown, have mate searches."""
    ends = (*limits[1:], np.inf)
    bands = [(f"{low}–{int(high) - 1}" if high < np.inf else f"{low} and more", low, high)
             for low, high in zip(limits, ends, strict=True)]  # fmt: skip
    made = [_group(done, label, (years >= low) & (years < high)) for label, low, high in bands]
    return tuple(group for group in made if group.probes)


def _group(done: Identification, label: str, inside: np.ndarray) -> Group:
    searches, limit = done.searches, done.thresholds[RATE]
    chosen = inside & searches.mated
    people, rank = searches.people[chosen], searches.rank[chosen]
    found = ~np.isneginf(searches.mate[chosen])

    def figure(hit: np.ndarray) -> Figure:
        return bootstrap.figure(share(hit), people, done.samples, done.seed)

    return Group(
        label,
        int(chosen.sum()),
        len(np.unique(people)),
        {at: figure((rank <= at) & found) for at in RANKS},
        figure(searches.mate[chosen] < limit),
        figure(searches.other[chosen] >= limit),
    )


@dataclass(frozen=True)
class Setting:
    """What production answers as it is set: at or above the floor, at most 50. `bands` by name: the share of mate
    searches whose mate, and of non-mate searches whose best candidate, is in it; None is below the floor."""

    fnir: float
    fpir: float
    bands: tuple[tuple[str | None, float, float], ...]


def setting(done: Identification, band: Callable[[float, int], str | None], names: Sequence[str | None]) -> Setting:
    """`band` tells a score's band in a gallery of so many people."""
    searches = done.searches
    mates = [band(score, done.gallery) if np.isfinite(score) else None for score in searches.mate[searches.mated]]
    other = [band(score, done.gallery - 1) if np.isfinite(score) else None for score in searches.other]
    answered = [name is not None and rank <= ANSWERED
                for name, rank in zip(mates, searches.rank[searches.mated], strict=True)]  # fmt: skip
    return Setting(
        1 - sum(answered) / max(len(mates), 1),
        sum(name is not None for name in other) / max(len(other), 1),
        tuple((name, mates.count(name) / max(len(mates), 1), other.count(name) / max(len(other), 1)) for name in names),
    )
