"""How faces are compared now: a metric and its calibration, always changed together, kept as one file of arrays."""

import hashlib
import io
from dataclasses import dataclass

import numpy as np

from services.matcher.calibration import Calibration, Odds, Strangers
from services.matcher.metric import Metric, Part, plain


@dataclass(frozen=True)
class Matching:
    metric: Metric
    calibration: Calibration


def initial(sections: tuple[int, ...], calibration: Calibration) -> Matching:
    """What a pack starts with: nothing was learned yet."""
    return Matching(plain(sections), calibration)


def dumped(matching: Matching) -> bytes:
    """The arrays of a matching as an .npz file; its metric's version is not among them."""
    arrays: dict[str, np.ndarray] = {"sections": np.asarray(matching.metric.sections)}
    for number, part in enumerate(matching.metric.parts):
        arrays |= {f"{number}.{name}": value for name, value in _arrays_of(part).items()}
    strangers, odds = matching.calibration.strangers, matching.calibration.odds
    arrays |= {"strangers.mean": strangers.mean, "strangers.spread": strangers.spread}
    if odds:
        arrays["odds"] = np.asarray([odds.base, odds.slope, odds.gap])
    out = io.BytesIO()
    np.savez(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def loaded(data: bytes, version: str) -> Matching:
    """What `dumped` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = dict(file)
    sections = tuple(int(length) for length in arrays["sections"])
    parts = tuple(_part(arrays, number) for number in range(len(sections)))
    strangers = Strangers(arrays["strangers.mean"], arrays["strangers.spread"])
    odds = Odds(*(float(value) for value in arrays["odds"])) if "odds" in arrays else None
    return Matching(Metric(version, sections, parts), Calibration(strangers, odds))


def version_of(data: bytes) -> str:
    """A matching's name: what it is made of decides it."""
    return hashlib.sha256(data).hexdigest()[:16]


def versioned(matching: Matching) -> tuple[Matching, bytes]:
    """The matching under the version that its arrays give it, and the arrays."""
    data = dumped(matching)
    return loaded(data, version_of(data)), data


def _arrays_of(part: Part) -> dict[str, np.ndarray]:
    arrays = {"means": part.means, "weight": np.asarray(part.weight)}
    if part.turn is not None:
        arrays |= {"turn": part.turn, "across": part.across, "own": part.own, "constant": np.asarray(part.constant)}
    return arrays


def _part(arrays: dict[str, np.ndarray], number: int) -> Part:
    means, weight = arrays[f"{number}.means"], float(arrays[f"{number}.weight"])
    if f"{number}.turn" not in arrays:
        return Part(means, weight)
    turn, across, own = (arrays[f"{number}.{name}"] for name in ("turn", "across", "own"))
    return Part(means, weight, turn, across, own, float(arrays[f"{number}.constant"]))
