"""What time alone brings: sightings, ended cases and answered requests for removal are erased when they have been kept
long enough. It closes none."""

from services.review import audit, repeats
from services.review.acting import perform
from services.review.candidates import closing
from services.review.candidates import store as candidates
from services.review.cases import store as cases
from services.review.cases.ending import erase
from services.review.cases.rules import KEPT_AFTER_CLOSING
from services.review.removals import acts as removals
from services.review.subjects import Subject
from services.review.tools import Tools

CLOCK = "clock"
EVERY_S = 60.0


def tidy(tools: Tools) -> None:
    """Erases sightings whose time is over, and cases that ended 30 days ago. Each in a transaction of its own."""
    now = tools.room.clock()
    removals.tidy(tools)
    repeats.tidy(tools)
    for case_id in _due_cases(tools):
        perform(tools, erase, None, case_id, "kept for 30 days after its end")
    for sighting_id in _due_sightings(tools):
        with tools.room.bus.work() as work:
            sighting = candidates.locked_sighting(work.session, sighting_id)
            if sighting.expires_at is None or sighting.expires_at >= now:
                continue  # it led to a candidate meanwhile
            closing.forget_sighting(work, tools, sighting)
            audit.record(work, tools, CLOCK, "sighting.erase", Subject("sighting", sighting_id))


def _due_sightings(tools: Tools) -> list[str]:
    with tools.room.bus.work() as work:
        return list(candidates.due_for_erasure(work.session, work.now))


def _due_cases(tools: Tools) -> list[str]:
    """Those that the law holds are not among them."""
    with tools.room.bus.work() as work:
        return list(cases.due_for_erasure(work.session, work.now - KEPT_AFTER_CLOSING))
