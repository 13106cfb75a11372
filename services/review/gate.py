"""The privacy gate: decides which photographs may be enrolled or searched, and signs a grant for each.

Its conditions are `cases.rules.may_enrol` and `candidates.rules.may_search`; the matcher checks every grant again.
Only the worker holds the gate's key: the web process asks by a message to itself.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from services.review import audit, photos
from services.review.candidates import rules
from services.review.candidates import store as candidates
from services.review.candidates.models import Search, Sighting
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.cases.rules import ENDED, age_at_photo, age_on, may_enrol
from services.review.cases.schemas import Details
from services.review.people import opening
from services.review.people import store as people
from services.review.people.rules import Actor, may
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import BlobMissing, ConfigError, SealBroken
from shared.grants import EnrolmentGrant, SearchGrant, issue
from shared.keys import GATE, GateKey, random_id
from shared.messages import PhotoRef, PhotoToEnrol, SearchAsked

log = logging.getLogger("homeward.gate")

SEARCH_GRANT_LASTS = timedelta(seconds=120)
BUDGET_WINDOW = timedelta(hours=1)
NO_OFFICER = (rules.PUBLIC, GATE)
"""Who sets off a sighting's triage: the public by sending it, the gate itself when a child is newly enrolled."""


def enrolment_reasons(tools: Tools, case: Case) -> Sequence[str]:
    """Why no photo of the case may be enrolled now; empty when they may."""
    details = cases.opened(tools, case)
    return may_enrol(cases.facts(case, details)) if details else ["closed"]


def grant_enrolment(work: Work, tools: Tools, case: Case, own: Sequence[Photo]) -> tuple[PhotoToEnrol, ...]:
    """A transit copy and a grant for each photo of a case that may be enrolled.

    One whose file is lost or damaged is left out, and it is noted. Raises BlobMissing if that is every photo: nothing
    is known of the child then, and the templates that there are must not give way to none.
    """
    details = cases.readable(tools, case)
    granted = [each for photo in own if (each := _granted_if_there(work, tools, case, details, photo))]
    if own and not granted:
        raise BlobMissing(f"No photo of the case {case.number} can be read; restore its files from a backup.")
    return tuple(granted)


def _granted_if_there(work: Work, tools: Tools, case: Case, details: Details, photo: Photo) -> PhotoToEnrol | None:
    try:
        return _granted(work, tools, case, details, photo)
    except (BlobMissing, SealBroken) as error:
        log.error("a photo of the case %s cannot be read: %s", case.number, type(error).__name__)
        photo.outcome, photo.quality, photo.advice = "unreadable", None, None
        return None


def _granted(work: Work, tools: Tools, case: Case, details: Details, photo: Photo) -> PhotoToEnrol:
    reference = photos.pass_on(work.session, tools, photo, "matcher")
    last_seen = details.last_seen.at.astimezone(UTC).date()
    grant = EnrolmentGrant(str(case.case_key), reference.digest, float(age_on(details.child.born, last_seen)), work.now)
    face = (photo.face[0], photo.face[1]) if photo.face else None
    age = age_at_photo(details.child.born, photo.taken, photo.age)
    return PhotoToEnrol(photo.id, reference, issue(grant, _key(tools)), face, age)


def search_reasons(session: Session, photo: Photo, asked: SearchAsked, now: datetime) -> Sequence[str]:
    """Why the photo may not be searched for this purpose and actor; empty when it may."""
    owner = photos.owner(session, photo)
    case_id = owner.id if isinstance(owner, Case) else None
    by_desk = asked.actor not in NO_OFFICER
    officer = _officer(session, asked.actor, now) if by_desk else None
    return rules.may_search(
        asked.purpose,
        by_desk=by_desk,
        permitted=officer is not None and may(officer, "photo.search", owner.region, case_id),
        readable=owner.content_key is not None and photo.blob is not None,
        of=_kind(owner),
        locked=isinstance(owner, Case) and owner.state in ENDED,
    )


def _officer(session: Session, officer_id: str, now: datetime) -> Actor | None:
    """The officer with the rights held now, a case that is open for an hour among them."""
    actor = people.actor(session, officer_id)
    return replace(actor, cases=opening.open_to(session, officer_id, now)) if actor else None


def _kind(owner: Case | Sighting) -> rules.Owner:
    if isinstance(owner, Case):
        return "case"
    return "probe" if owner.probed_by else "sighting"


def age_of_probe(session: Session, tools: Tools, photo: Photo) -> float | None:
    """Years of age in a photo that is searched, where it is known."""
    owner = photos.owner(session, photo)
    details = cases.opened(tools, owner) if isinstance(owner, Case) else None
    return age_at_photo(details.child.born, photo.taken, photo.age) if details else photo.age


def open_search(work: Work, tools: Tools, photo: Photo, asked: SearchAsked) -> Search:
    """The search's row. A region's or an officer's spent budget raises an alarm in the audit and drops nothing."""
    owner = photos.owner(work.session, photo)
    for text in _alarms(work, owner, asked.actor):
        audit.record(work, tools, GATE, "gate.budget_spent", Subject("photo", photo.id), text)
    search = Search(
        id=random_id(),
        photo_id=photo.id,
        purpose=asked.purpose,
        actor=asked.actor,
        region=owner.region,
        state="asked",
        asked_at=work.now,
    )
    work.session.add(search)
    work.session.flush()
    return search


def _alarms(work: Work, owner: Case | Sighting, actor: str) -> Iterator[str]:
    since = work.now - BUDGET_WINDOW
    here = candidates.searches_since(work.session, owner.region, since)
    if rules.over_budget(here, in_danger=isinstance(owner, Sighting) and owner.in_danger):
        yield f"{here} searches in {owner.region or 'no region'} in the last hour"
    if actor not in NO_OFFICER:
        own = candidates.searches_by(work.session, actor, since)
        if own >= rules.OFFICER_BUDGET:
            yield f"{own} searches by one officer in the last hour"


def grant_search(tools: Tools, search: Search, reference: PhotoRef, now: datetime) -> str:
    """A grant for one search of one photo, good for two minutes."""
    expires = now + SEARCH_GRANT_LASTS
    return issue(SearchGrant(search.id, reference.digest, search.purpose, now, expires), _key(tools))


def _key(tools: Tools) -> GateKey:
    if tools.gate is None:
        raise ConfigError("This process does not hold the gate's key; only the police desk's worker does.")
    return tools.gate
