"""The gallery: which templates resemble a probe. One interface, two implementations, one contract test."""

import logging
from typing import Protocol

import numpy as np
from sqlalchemy.orm import Session

from services.matcher import admission
from services.matcher.rules import Hit
from shared.keys import Directory

log = logging.getLogger("homeward.gallery")


class Gallery(Protocol):
    """Exact search among the templates of one pack and version."""

    def search(self, session: Session, probe: np.ndarray, floor: float, limit: int) -> list[Hit]:
        """Each case's best photo that scores at least `floor` against the unit vector `probe` (dimension,), best
        first, at most `limit` cases. Sees everything that was committed before the call."""

    def refresh(self, session: Session) -> int:
        """Makes ready to search. Returns how many templates can be found."""


def admitted(directory: Directory, template_id: str, grant: str, case_key: str, photo_digest: str) -> bool:
    """Whether the template's own grant still holds; one that does not is left out, and logged."""
    if admission.may_enrol(grant, directory, case_key, photo_digest):
        return True
    log.error("template %s has no grant that holds; it is left out", template_id)
    return False
