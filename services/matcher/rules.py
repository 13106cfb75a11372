"""What the matcher admits: grants, and how much it answers at most. Pure.

The matcher trusts no caller: whatever review asks for, it is done only under a grant that the gate signed, and what
that grant says is judged here again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from shared.grants import EnrolmentGrant, Grant, SearchGrant
from shared.messages import Purpose, RefusalReason

ADULT = 18
MOST_CANDIDATES = 50
LONGEST_SEARCH_GRANT = timedelta(minutes=15)
CLOCKS_DIFFER = timedelta(minutes=1)


def may_enrol(grant: Grant, case_key: str, photo_digest: str) -> bool:
    """Whether the grant admits the template of this photo under this case key.

    It is an enrolment grant; for exactly this case key and photo; of a child who was under 18 when last seen.
    """
    return (
        isinstance(grant, EnrolmentGrant)
        and grant.purpose == "enrolment"
        and grant.case_key == case_key
        and grant.photo_digest == photo_digest
        and isinstance(grant.age_when_last_seen, int | float)
        and 0 <= grant.age_when_last_seen < ADULT
    )


def search_refusal(
    grant: Grant, search_id: str, photo_digest: str, now: datetime, *, used: bool
) -> RefusalReason | None:
    """Why the grant does not admit this search now; None if it does.

    It is a search grant, for this search, for a purpose that there is, no longer than the gate ever gives; it was not
    used before; it is for exactly this photo; and its time has come and is not over.
    """
    if not isinstance(grant, SearchGrant) or grant.search_id != search_id or grant.purpose not in get_args(Purpose):
        return "forged"
    if grant.expires_at - grant.issued_at > LONGEST_SEARCH_GRANT:
        return "forged"
    if used:
        return "used"
    if grant.photo_digest != photo_digest:
        return "wrong_photo"
    if not grant.issued_at - CLOCKS_DIFFER <= now <= grant.expires_at:
        return "expired"
    return None


@dataclass(frozen=True)
class Hit:
    """A template and what the metric says of it and a probe. `age_at_photo` is in years, `quality` 0 to 100."""

    case_key: str
    photo_id: str
    score: float
    age_at_photo: float | None = None
    quality: float = 0.0


def most(asked: int) -> int:
    """How many candidates are answered where `asked` were asked for: at least one, at most fifty."""
    return min(max(asked, 1), MOST_CANDIDATES)
