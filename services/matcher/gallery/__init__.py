"""The gallery: which templates resemble a probe. One interface, two implementations, one contract test."""

import logging
from typing import Protocol

import numpy as np
from sqlalchemy.orm import Session

from services.matcher import admission
from services.matcher.metric import Metric
from services.matcher.models import Template
from services.matcher.rules import Hit
from shared.keys import Directory

log = logging.getLogger("homeward.gallery")


class Gallery(Protocol):
    """Search among the templates of one pack and version, as compared by the metric that is given.

    A metric with another `.version` means that every template is projected anew. No hit is ever answered whose own
    grant this process has not verified (docs/decisions/0023).
    """

    def save(self, session: Session, metric: Metric, template: Template) -> bool:
        """Keeps the template, in the place of an earlier one of the same photo and pack. False, keeping nothing, where
        its vector is not (D,) finite numbers, or its case was forgotten."""

    def search(self, session: Session, metric: Metric, probe: np.ndarray, age: float | None, cases: int) -> list[Hit]:
        """Every photo of the `cases` cases whose best photo scores highest against the raw vector `probe` (D,) of a
        person of `age` years (None: unknown), best first. Sees everything that was committed before the call. A probe
        that is not (D,) finite numbers resembles nobody."""

    def cases(self, session: Session) -> int:
        """How many cases can be found."""

    def refresh(self, session: Session, metric: Metric) -> int:
        """Makes ready to search with the metric. Returns how many templates can be found."""

    def tend(self, session: Session, metric: Metric) -> None:
        """What can wait: called about once a second beside the searches, in another thread and outside of any Work.
        `session` is given back rolled back."""


def one(age: float | None) -> np.ndarray:
    """One age (1,), as a metric takes it: NaN where unknown."""
    return np.asarray([np.nan if age is None else age], np.float32)


def sound(vector: np.ndarray, metric: Metric) -> bool:
    """Whether this is a raw vector of the metric's pack: (D,), every number finite."""
    return vector.shape == (sum(metric.sections),) and bool(np.isfinite(vector).all())


def projection_of(metric: Metric, probe: np.ndarray, age: float | None) -> np.ndarray | None:
    """The probe as the metric compares it, (d,) float32; None, and logged, where it cannot be compared."""
    if sound(probe, metric):
        projected = np.asarray(metric.probes(probe[None], one(age))[0], np.float32)
        if np.isfinite(projected).all():
            return projected
    log.error("a probe is not %d finite numbers; it is compared with nobody", sum(metric.sections))
    return None


def admitted(directory: Directory, template_id: str, grant: str, case_key: str, photo_digest: str) -> bool:
    """Whether the template's own grant still holds; one that does not is left out, and logged."""
    if admission.may_enrol(grant, directory, case_key, photo_digest):
        return True
    log.error("template %s has no grant that holds; it is left out", template_id)
    return False
