"""How a case begins, whoever wrote the report: numbered, in its region, sealed under a content key of its own."""

from services.review.cases import comparing, store
from services.review.cases.models import Case
from services.review.cases.schemas import Details
from services.review.content import fresh_key
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import random_id


def open_case(work: Work, tools: Tools, details: Details, language: str) -> tuple[Case, bytes]:
    """The new case, in the database, and its content key."""
    key, sealed = fresh_key(tools.room.keys)
    case = Case(
        id=random_id(), number=store.next_number(work.session, work.now), state="submitted", content_key=sealed,
        language=language, region=tools.regions.first(details.last_seen.lat, details.last_seen.lon),
        opened_at=work.now, changed_at=work.now,
    )  # fmt: skip
    store.save_details(tools, case, details)
    work.session.add(case)
    work.session.flush()
    comparing.expose(work, tools, case, details)
    return case, key
