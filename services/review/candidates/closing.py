"""How searches and sightings end: the probe is closed, the sighting waits or is kept, and is erased in its time."""

from services.review import photos
from services.review.candidates import opinions, rules, store
from services.review.candidates.models import Search, Sighting
from services.review.cases.models import Case
from services.review.tools import Tools
from shared.bus import Work
from shared.messages import ProbeClosed


def close_if_done(work: Work, search: Search) -> None:
    """Tells the matcher a search's outcome once each of its candidates is decided or its case has ended.

    The caller has locked the sighting.
    """
    work.session.flush()
    work.session.refresh(search)
    made = store.of_search(work.session, search.id)
    if search.state != "completed" or any(_awaited(work, candidate.state, candidate.case_id) for candidate in made):
        return
    final = [candidate for candidate in made if candidate.state in rules.FINAL]
    outcome = rules.probe_outcome([candidate.state for candidate in final])  # type: ignore[misc]
    confirmed = [candidate.case_key for candidate in final if candidate.state == "confirmed"]
    work.publish(ProbeClosed(search.id, outcome, confirmed[0] if confirmed else None))
    search.state = "closed"


def _awaited(work: Work, state: str, case_id: str) -> bool:
    case = work.session.get(Case, case_id)
    return state in rules.UNDECIDED and case is not None and case.state == "registered"


def settle(work: Work, sighting: Sighting) -> None:
    """Sets when a sighting is erased: never while a candidate or a search is open, with its case when confirmed,
    else 72 hours from now."""
    work.session.flush()
    store.locked_sighting(work.session, sighting.id)
    candidates = store.of_sighting(work.session, sighting.id)
    searching = any(search.state == "asked" for search in store.searches_of(work.session, sighting.id))
    kept = any(item.state == "confirmed" or _awaited(work, item.state, item.case_id) for item in candidates)
    if searching or kept:
        sighting.expires_at = None
    elif sighting.expires_at is None:
        sighting.expires_at = work.now + rules.KEPT_WITHOUT_CANDIDATE


def drop_case(work: Work, case: Case) -> None:
    """A case has ended: nobody waits for its candidates any more."""
    for candidate in sorted(store.of_case(work.session, case.id), key=lambda each: each.sighting_id):
        sighting = store.locked_sighting(work.session, candidate.sighting_id)
        search = store.get_search(work.session, candidate.search_id)
        if search:
            close_if_done(work, search)
        if sighting.content_key:
            settle(work, sighting)


def forget_case(work: Work, tools: Tools, case: Case) -> None:
    """A case is erased: so are its officers' notes and checklists, and the sightings confirmed to be of its child."""
    for candidate in sorted(store.of_case(work.session, case.id), key=lambda each: each.sighting_id):
        for decision in opinions.decisions(work.session, candidate.id):
            decision.note = decision.features = None
        for judgement in opinions.judgements(work.session, candidate.id).values():
            judgement.features = None
        if candidate.state == "confirmed":
            forget_sighting(work, tools, store.locked_sighting(work.session, candidate.sighting_id))


def forget_sighting(work: Work, tools: Tools, sighting: Sighting) -> None:
    """Destroys a sighting's content key, its photos and all that describes it."""
    photos.forget(work, tools, photos.of_sighting(work.session, sighting.id))
    sighting.content_key = sighting.details = None
    sighting.receipt_id = sighting.alert = sighting.region = sighting.expires_at = None
