"""How numbers may be shown so that none of them speaks of a person: small ones are not told. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

LEAST = 5
"""A count from one to four is shown as `<5`, and nothing is computed from so few."""
STEP = 0.05
"""Shares are told in steps of five in a hundred, so that they do not give away a count."""


def told(count: int) -> str:
    """A count as it may be shown: `<5` for one to four."""
    return f"<{LEAST}" if 0 < count < LEAST else str(count)


def is_small(count: int) -> bool:
    return 0 < count < LEAST


def middle(spans: Sequence[timedelta]) -> timedelta | None:
    """The median; None of fewer than five."""
    if len(spans) < LEAST:
        return None
    return timedelta(seconds=median(span.total_seconds() for span in spans))


@dataclass(frozen=True)
class Agreement:
    """`share` of pairs that agreed (0 to 1, in steps of 0.05), and Cohen's kappa (to one decimal; None where both
    officers always say the same word, so that chance alone would agree)."""

    share: float
    kappa: float | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement | None:
    """How often two officers who did not see each other's answer agreed. None of fewer than five pairs.

    Kappa = (observed - expected) / (1 - expected) (Cohen, 1960), the expected from each position's own frequencies.
    """
    if len(pairs) < LEAST:
        return None
    observed = sum(first == second for first, second in pairs) / len(pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    expected = sum(firsts[word] * seconds[word] for word in firsts) / len(pairs) ** 2
    kappa = None if expected == 1 else round((observed - expected) / (1 - expected), 1)
    return Agreement(round(round(observed / STEP) * STEP, 2), kappa)


def by_week(moments: Sequence[datetime], now: datetime, weeks: int) -> list[tuple[datetime, int]]:
    """Counts of the last `weeks` weeks of seven days, oldest first, each with the moment at which it begins."""
    starts = [now - timedelta(weeks=back) for back in range(weeks, 0, -1)]
    ends = [*starts[1:], now + timedelta(seconds=1)]
    return [(start, sum(start <= moment < end for moment in moments)) for start, end in zip(starts, ends, strict=True)]
