"""What an act is about, and whose content key covers it."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from services.review.candidates.models import Candidate, Sighting
from services.review.cases.models import Case
from services.review.drafts.models import Draft
from services.review.photo_models import Photo
from services.review.removals.models import Removal
from shared.keys import RoomKeys

Kind = Literal[
    "case", "sighting", "candidate", "draft", "photo", "person", "search", "audit", "pack", "on_call", "removal"
]

_KEYED: dict[str, Any] = {"case": Case, "sighting": Sighting, "removal": Removal}
"""What has a content key of its own."""


@dataclass(frozen=True)
class Subject:
    """`id` is the id of a row of that `kind`."""

    kind: str
    id: str


def owner_of(session: Session, subject: Subject) -> Subject | None:
    """What has the content key that covers `subject`; None when there is none."""
    if subject.kind in _KEYED:
        return subject
    if subject.kind == "candidate" and (candidate := session.get(Candidate, subject.id)):
        return Subject("case", candidate.case_id)
    if subject.kind == "draft" and (draft := session.get(Draft, subject.id)):
        return Subject("case", draft.case_id)
    if subject.kind == "photo" and (photo := session.get(Photo, subject.id)):
        return Subject("case", photo.case_id) if photo.case_id else Subject("sighting", str(photo.sighting_id))
    return None


def content_key(session: Session, keys: RoomKeys, owner: Subject) -> bytes | None:
    """The content key of a case, a sighting or a request for removal; None when it is unknown or erased."""
    row: Any = session.get(_KEYED[owner.kind], owner.id)
    return keys.unseal(row.content_key) if row and row.content_key else None
