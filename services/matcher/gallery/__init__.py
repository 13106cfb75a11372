"""The gallery: which templates resemble a probe. One interface, two implementations, one contract test."""

import logging
from typing import Protocol

import numpy as np
from sqlalchemy.orm import Session

from services.matcher import admission
from services.matcher.metric import Metric
from services.matcher.rules import Hit
from shared.keys import Directory

log = logging.getLogger("homeward.gallery")


class Gallery(Protocol):
    """Search among the templates of one pack and version, as compared by the metric that is given."""

    def search(self, session: Session, metric: Metric, probe: np.ndarray, age: float | None, cases: int) -> list[Hit]:
        """Every photo of the `cases` cases whose best photo scores highest against the raw vector `probe` (D,) of a
        person of `age` years (None: unknown), best first. Sees everything that was committed before the call."""

    def cases(self, session: Session) -> int:
        """How many cases can be found."""

    def refresh(self, session: Session, metric: Metric) -> int:
        """Makes ready to search with the metric. Returns how many templates can be found."""


def one(age: float | None) -> np.ndarray:
    """One age (1,), as a metric takes it: NaN where unknown."""
    return np.asarray([np.nan if age is None else age], np.float32)


def admitted(directory: Directory, template_id: str, grant: str, case_key: str, photo_digest: str) -> bool:
    """Whether the template's own grant still holds; one that does not is left out, and logged."""
    if admission.may_enrol(grant, directory, case_key, photo_digest):
        return True
    log.error("template %s has no grant that holds; it is left out", template_id)
    return False
