"""The policy of areas that widen: how far a child is looked for, by the hours since it was last seen. Pure."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from shared.errors import ConfigError

Step = tuple[float, float]
"""From so many hours after the child was last seen on, this radius in kilometres."""

DEFAULT = "0:100,1:200,2:300,3:500"
"""Tuanyuan's, of China's police: 100 km in the first hour, 200 in the second, 300 in the third, 500 after it."""
MOST_STEPS = 8
MOST_HOURS, LEAST_KM, MOST_KM = 720.0, 0.1, 500.0
_NUMBER = r"\d{1,4}(?:\.\d{1,3})?"
_STEPS = rf"{_NUMBER}:{_NUMBER}(?:,{_NUMBER}:{_NUMBER})*"
_PART = re.compile(rf"(?:(?P<region>[A-Z]{{2}}(?:-[A-Z0-9]+)*)=)?(?P<steps>{_STEPS})")


def fault(steps: Sequence[Step]) -> str:
    """What is wrong with the steps, in a sentence; empty if nothing is, or where there are none."""
    if len(steps) > MOST_STEPS:
        return f"There are at most {MOST_STEPS} rings."
    if steps and steps[0][0] != 0:
        return "The first ring holds from hour 0 on."
    if not all(0 <= hours <= MOST_HOURS and LEAST_KM <= km <= MOST_KM for hours, km in steps):
        return f"A ring begins within {MOST_HOURS:g} hours and has a radius of {LEAST_KM:g} to {MOST_KM:g} km."
    if not all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(steps)):
        return "Each ring begins later than the one before it and is wider."
    return ""


def parsed(text: str) -> dict[str, tuple[Step, ...]]:
    """The policies in a setting such as `0:100,1:200;SE=0:50,2:150`: by region, the general one under "".

    Raises ConfigError."""
    found = {"": _steps(DEFAULT)}
    for part in filter(None, re.split(r"[;\s]+", text)):
        match = _PART.fullmatch(part)
        wrong = fault(_steps(match["steps"])) if match else "Write hours:kilometres, such as 0:100,1:200."
        if match is None or wrong:
            raise ConfigError(f"HOMEWARD_RINGS has {part!r}. {wrong}")
        found[match["region"] or ""] = _steps(match["steps"])
    return found


def policy(text: str, region: str | None) -> tuple[Step, ...]:
    """The steps for a region: its own, else those of the smallest region around it, else the general ones."""
    policies, parts = parsed(text), (region or "").split("-")
    around = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return next(policies[code] for code in (*around, "") if code in policies)


def km_at(steps: Sequence[Step], since_last_seen: timedelta) -> float:
    """The radius so long after the child was last seen."""
    hours = since_last_seen.total_seconds() / 3600
    return max((km for begins, km in steps if begins <= hours), default=steps[0][1])


def _steps(text: str) -> tuple[Step, ...]:
    pairs = (pair.split(":") for pair in text.split(","))
    return tuple((float(hours), float(km)) for hours, km in pairs)
