"""From rows of the table to projections; rows that cannot be compared are left out, and logged."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from services.matcher.gallery import sound
from services.matcher.metric import Metric

log = logging.getLogger("homeward.gallery")

AT_A_TIME = 4096


def projected(rows: Sequence[Any], metric: Metric) -> tuple[list[Any], np.ndarray]:
    """The rows that can be compared, and their projections (n, d) float32. A row has `id`, `vector`, `age_at_photo`."""
    whole = [row for row in rows if len(row.vector) == sum(metric.sections)]
    vectors = np.stack([row.vector for row in whole]) if whole else np.zeros((0, sum(metric.sections)), np.float32)
    good = np.isfinite(vectors).all(1)
    ages = np.asarray([np.nan if row.age_at_photo is None else row.age_at_photo for row in whole], np.float32)
    made = np.zeros((len(whole), metric.dimension), np.float32)
    if good.any():
        made[good] = metric.templates(vectors[good], ages[good])
    good &= np.isfinite(made).all(1)
    kept = [row for row, fine in zip(whole, good, strict=True) if fine]
    if len(kept) < len(rows):
        known = {row.id for row in kept}
        _left_out([row for row in rows if row.id not in known])
    return kept, made[good]


def can_be_compared(vector: np.ndarray, age: float | None, metric: Metric) -> bool:
    """Whether a template with this raw vector can be found at all."""
    if not sound(vector, metric):
        return False
    return bool(np.isfinite(metric.templates(vector[None], np.asarray([np.nan if age is None else age]))).all())


def _left_out(rows: Sequence[Any]) -> None:
    for row in rows:
        log.error("template %s has a vector of another length, or not finite; it is left out", row.id)
