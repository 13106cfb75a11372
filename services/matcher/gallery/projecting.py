"""From raw vectors, as a table holds them, to projections; what cannot be compared is marked."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from services.matcher.metric import Metric

log = logging.getLogger("homeward.gallery")


def projected(
    vectors: Sequence[bytes] | Sequence[np.ndarray], ages: np.ndarray, metric: Metric
) -> tuple[np.ndarray, np.ndarray]:
    """Which of the raw vectors can be compared, (n,) bool, and the projections of those, (m, d) float32.

    `vectors` are arrays, or the bytes of little-endian float32; of any length, as a damaged table might have them.
    `ages` (n,) in years, NaN where unknown. Never NaN out.
    """
    length = sum(metric.sections)
    size = 4 * length if isinstance(next(iter(vectors), b""), bytes) else length
    good = np.fromiter((len(vector) == size for vector in vectors), np.bool_)
    raw = _stacked(vectors if good.all() else [vectors[at] for at in np.flatnonzero(good)], length)
    finite = np.isfinite(raw).all(1)
    good[good] = finite
    made = np.zeros((0, metric.dimension), np.float32)
    if good.any():
        raw = raw if finite.all() else raw[finite]
        made = np.ascontiguousarray(metric.templates(raw, np.asarray(ages[good], np.float32)), np.float32)
    finite = np.isfinite(made).all(1)
    good[good] = finite
    return good, made if finite.all() else made[finite]


def _stacked(vectors: Sequence[Any], length: int) -> np.ndarray:
    if vectors and isinstance(vectors[0], bytes):
        return np.frombuffer(b"".join(vectors), "<f4").reshape(-1, length)
    return np.stack(vectors) if vectors else np.zeros((0, length), np.float32)


def can_be_compared(vector: np.ndarray, age: float | None, metric: Metric) -> bool:
    """Whether a template with this raw vector can be found at all."""
    return vector.ndim == 1 and bool(projected([vector], np.asarray([age], np.float32), metric)[0][0])


def tell_left_out(numbers: Sequence[int]) -> None:
    """Logs the templates, by their numbers in the table, whose vectors cannot be compared."""
    for number in numbers:
        log.error("template number %d has a vector of another length, or not finite; it is left out", number)
