"""What messages do to cases: a report opens one, the gate grants its enrolment, the matcher answers."""

from services.review import audit, gate, photos
from services.review.candidates import store as candidates
from services.review.cases import contact, family, merged, opening, renewal, store
from services.review.cases.models import Case
from services.review.cases.schemas import Details
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.messages import (
    EnrolCompleted,
    EnrolmentAsked,
    EnrolRequested,
    ForgetCompleted,
    PackChanged,
    ReportPhoto,
    ReportSubmitted,
    SearchAsked,
)

FAMILY, GATE, MATCHER = "family", "gate", "matcher"


def report_submitted(message: ReportSubmitted, work: Work, tools: Tools) -> None:
    """Opens a case: details and photos are encrypted under a new content key, the family hears "received"."""
    details = Details(message.child, message.last_seen, message.reporter)
    case, key = opening.open_case(work, tools, details, message.language)
    case.receipt_id, case.family_key = message.receipt_id, message.family_key
    for position, given in enumerate(message.photos):
        _keep(work, tools, case, key, position, given)
    family.tell_status(work, case)
    contact.ask(work, tools, case, message.reporter.email)
    audit.record(work, tools, FAMILY, "case.open", Subject("case", case.id))


def _keep(work: Work, tools: Tools, case: Case, key: bytes, position: int, given: ReportPhoto) -> None:
    photo = photos.keep(work, tools, given.photo, key, case, position)
    photo.taken, photo.age = given.taken, given.age
    photo.face = list(given.face) if given.face else None


def enrolment_asked(message: EnrolmentAsked, work: Work, tools: Tools) -> None:
    """The gate decides: each photo of a case that may be enrolled goes to the matcher with a grant of its own.

    Of a registered case that it does not admit any more the matcher hears that there is nothing to enrol.
    """
    case = store.locked(work.session, message.case_id)
    subject = Subject("case", case.id)
    reasons = gate.enrolment_reasons(tools, case)
    if reasons:
        audit.record(work, tools, GATE, "gate.enrol", subject, ", ".join(reasons), refused=True)
        if case.state == "registered":
            work.publish(EnrolRequested(str(case.case_key), ()))
        return
    granted = gate.grant_enrolment(work, tools, case, merged.to_enrol(work.session, tools, case))
    work.publish(EnrolRequested(str(case.case_key), granted))
    audit.record(work, tools, GATE, "gate.enrol", subject, f"{len(granted)} photos")


def enrol_completed(message: EnrolCompleted, work: Work, tools: Tools) -> None:
    """Notes what became of each photo; once a case can be found by a photo more, waiting sightings from nearby
    are searched again."""
    case = store.by_key(work.session, message.case_key)
    if case is None or case.state != "registered":
        return
    own = {photo.id: photo for photo in photos.of_child(work.session, case)}
    enrolled = [answer.photo_id for answer in message.photos if answer.outcome == "enrolled"]
    before = {photo.id for photo in own.values() if case.enrolled_in is not None and photo.outcome == "enrolled"}
    renewal.note_answer(case, message.round_id)
    for answer in message.photos:
        if answer.photo_id in own:
            photo = own[answer.photo_id]
            photo.outcome, photo.quality, photo.advice = answer.outcome, answer.quality, list(answer.advice)
            photo.found = [list(box) for box in answer.found] or None
    if set(enrolled) - before:
        for photo_id, officer in candidates.waiting_photos(work.session, case.region, work.now):
            work.publish(SearchAsked(photo_id, "officer_probe" if officer else "sighting_triage", officer or GATE))
    text = f"{len(enrolled)} of {len(message.photos)} photos"
    audit.record(work, tools, MATCHER, "case.enrolled", Subject("case", case.id), text)


def pack_changed(message: PackChanged, work: Work, tools: Tools) -> None:
    """Every registered case is to be enrolled under this pack; `renewal.renew` asks for them, a few at a time."""
    renewal.want(work, message.pack, message.round_id)
    audit.record(work, tools, MATCHER, "pack.changed", Subject("pack", message.pack.name), str(message.pack))


def forget_completed(message: ForgetCompleted, work: Work, tools: Tools) -> None:
    """Records that the templates under a case key are erased. The case may have a new key since, or none."""
    case = store.by_key(work.session, message.case_key)
    subject = Subject("case", case.id) if case else Subject("case_key", message.case_key)
    audit.record(work, tools, MATCHER, "case.forgotten", subject, f"{message.templates} templates")
