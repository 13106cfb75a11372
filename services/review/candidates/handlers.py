"""What messages do to sightings and candidates: a photo is searched under a grant, the matcher's answer is noted."""

from collections.abc import Sequence

from services.review import audit, gate, photos
from services.review.candidates import closing, rules, store
from services.review.candidates.models import Candidate, Search, Sighting
from services.review.candidates.schemas import SightingDetails
from services.review.cases import face_check
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.content import fresh_key
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import random_id
from shared.messages import (
    RankedCandidate,
    SearchAsked,
    SearchCompleted,
    SearchRefused,
    SearchRequested,
    SightingSubmitted,
)

GATE, MATCHER = "gate", "matcher"


def sighting_submitted(message: SightingSubmitted, work: Work, tools: Tools) -> None:
    """Keeps a sighting under a content key of its own, and has each of its photos searched."""
    key, sealed = fresh_key(tools.room.keys)
    sighting = Sighting(
        id=random_id(), receipt_id=message.receipt_id, alert=message.alert, in_danger=message.in_danger,
        region=tools.regions.first(message.lat, message.lon), language=message.language, content_key=sealed,
        received_at=work.now,
    )  # fmt: skip
    told = SightingDetails(message.seen_at, message.place, message.lat, message.lon, message.note, message.contact)
    store.save_details(tools, sighting, told)
    work.session.add(sighting)
    work.session.flush()
    _keep_photos(message, work, tools, sighting, key)
    audit.record(work, tools, rules.PUBLIC, "sighting.open", Subject("sighting", sighting.id))
    if not message.photos:
        closing.settle(work, sighting)


def _keep_photos(message: SightingSubmitted, work: Work, tools: Tools, sighting: Sighting, key: bytes) -> None:
    for position, given in enumerate(message.photos):
        photo = photos.keep(work, tools, given.photo, key, sighting, position)
        photo.faces = [list(point) for point in given.faces] if given.faces is not None else None
        photo.age = given.age
        work.publish(SearchAsked(photo.id, "sighting_triage", rules.PUBLIC))


def search_asked(message: SearchAsked, work: Work, tools: Tools) -> None:
    """The gate decides: the photo goes to the matcher with a short-lived grant, or the refusal is recorded."""
    photo = photos.get(work.session, message.photo_id)
    subject = Subject("photo", photo.id)
    reasons = gate.search_reasons(work.session, photo, message, work.now)
    if reasons:
        _settle(work, photo)
        audit.record(work, tools, GATE, "gate.search", subject, ", ".join(reasons), refused=True)
        return
    search = gate.open_search(work, tools, photo, message)
    reference = photos.pass_on(work.session, tools, photo, "matcher")
    grant = gate.grant_search(tools, search, reference, work.now)
    marks = [photo.face] if photo.face else photo.faces
    faces = tuple((x, y) for x, y in marks) if marks is not None else None
    age = gate.age_of_probe(work.session, tools, photo)
    work.publish(SearchRequested(search.id, grant, reference, faces, probe_age=age))
    audit.record(work, tools, GATE, "gate.search", subject, f"{message.purpose} for {message.actor}")


def search_completed(message: SearchCompleted, work: Work, tools: Tools) -> None:
    """Puts each registered case that the probe resembles before the officers; where there is none, nothing stays. Of a
    duplicate check there are no candidates."""
    search = store.get_search(work.session, message.search_id)
    if search is None or search.state != "asked":
        return
    search.state, search.answered_at = "completed", work.now
    search.faces_found, search.faces_searched = message.faces_found, message.faces_searched
    if search.purpose == face_check.PURPOSE:
        face_check.completed(message, search, work, tools)
        return
    photo = photos.get(work.session, search.photo_id)
    found = {case.case_key: case for case in _cases(work, message)}
    sighting = store.locked_sighting(work.session, str(photo.sighting_id))
    wanted = message.candidates if sighting.content_key else ()
    photo.found = [list(box) for box in message.found] if sighting.content_key else None
    made = sum(_candidate(work, search, sighting, ranked, found.get(ranked.case_key)) for ranked in wanted)
    if message.candidates and not made:
        closing.close_if_done(work, search)
    _settle(work, photo)
    audit.record(work, tools, MATCHER, "search.completed", Subject("photo", photo.id), f"{made} candidates")


def _cases(work: Work, message: SearchCompleted) -> Sequence[Case]:
    return cases.held(work.session, Case.case_key.in_([ranked.case_key for ranked in message.candidates]))


def _candidate(work: Work, search: Search, sighting: Sighting, ranked: RankedCandidate, case: Case | None) -> bool:
    """Whether `ranked` became a candidate: its case is registered, the photo is its own, the pair is new."""
    if case is None or case.state != "registered":
        return False
    own = {photo.id for photo in photos.of_child(work.session, case)}
    if ranked.photo_id not in own or store.known_pair(work.session, search.photo_id, ranked.case_key):
        return False
    work.session.add(
        Candidate(
            id=random_id(), case_id=case.id, case_key=ranked.case_key, case_photo_id=ranked.photo_id,
            sighting_id=sighting.id, photo_id=search.photo_id, search_id=search.id, state="pending",
            rank=ranked.rank, score=ranked.score, band=ranked.band, face=list(ranked.face),
            age_gap=ranked.age_gap, made_at=work.now, changed_at=work.now,
        )
    )  # fmt: skip
    return True


def search_refused(message: SearchRefused, work: Work, tools: Tools) -> None:
    """A grant that came too late is decided anew, a few times; any other refusal is recorded and ends the search."""
    search = store.get_search(work.session, message.search_id)
    if search is None or search.state != "asked":
        return
    search.state, search.reason, search.answered_at = "refused", message.reason, work.now
    work.session.flush()
    photo = photos.get(work.session, search.photo_id)
    if rules.try_again(store.refusals(work.session, photo.id), message.reason):
        work.publish(SearchAsked(photo.id, search.purpose, search.actor))  # type: ignore[arg-type]
    else:
        _settle(work, photo)
    audit.record(work, tools, MATCHER, "search.refused", Subject("photo", photo.id), message.reason, refused=True)


def _settle(work: Work, photo: Photo) -> None:
    sighting = store.owner_of(work.session, photo)
    if sighting and sighting.content_key:
        closing.settle(work, sighting)
