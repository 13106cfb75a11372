"""What comes from a family after its report: kept in its case, for an officer to see to. Where that case was merged,
the kept one shows that there is something new."""

from services.review import audit, photos
from services.review.cases import contact, letters, store
from services.review.cases.letter_models import Letter
from services.review.cases.models import Case
from services.review.content import key_of
from services.review.photo_models import Photo
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.blobs import discard
from shared.bus import Work
from shared.errors import Refused
from shared.messages import ContactConfirmed, ReportAmended, ReportPhoto, WithdrawalRequested

FAMILY = "family"


def report_amended(message: ReportAmended, work: Work, tools: Tools) -> None:
    """Keeps an addition, an answer or a correction; its photos wait until an officer has looked at them."""
    case, kept = _case(work, tools, message)
    asked = letters.by_message(work.session, case.id, message.answers)
    letter = Letter(
        way="in", kind=message.kind, fact=message.fact, photos=0, asks=False, answers=asked.id if asked else None,
        author=FAMILY, at=work.now,
    )  # fmt: skip
    letters.keep(work, tools, case, letter, message.text)
    letter.photos = sum(_keep(work, tools, case, letter, given) for given in message.photos)
    case.changed_at = kept.changed_at = work.now
    audit.record(work, tools, FAMILY, "case.amend", Subject("case", case.id), message.kind)


def _keep(work: Work, tools: Tools, case: Case, letter: Letter, given: ReportPhoto) -> bool:
    """False for a photo that the case has already."""
    own = photos.of_case(work.session, case.id)
    if any(photo.digest == given.photo.digest for photo in own):
        work.after_commit(lambda: tools.room.incoming.delete(given.photo.blob))
        return False
    position = max((photo.position for photo in own), default=-1) + 1
    photo: Photo = photos.keep(work, tools, given.photo, key_of(tools.room.keys, case), f"cases/{case.id}", position)
    photo.case_id, photo.taken, photo.age = case.id, given.taken, given.age
    photo.face = list(given.face) if given.face else None
    photo.letter_id, photo.added_at, photo.waits = letter.id, work.now, True
    work.session.add(photo)
    work.session.flush()
    return True


def withdrawal_requested(message: WithdrawalRequested, work: Work, tools: Tools) -> None:
    """Puts the family's wish before an officer. The case does not change."""
    case, kept = _case(work, tools, message)
    letter = Letter(way="in", kind="withdrawal", photos=0, asks=False, author=FAMILY, at=work.now)
    letters.keep(work, tools, case, letter, message.text)
    case.changed_at = kept.changed_at = work.now
    audit.record(work, tools, FAMILY, "case.amend", Subject("case", case.id), "withdrawal")


def contact_confirmed(message: ContactConfirmed, work: Work, tools: Tools) -> None:
    """From now on the family is mailed when there is news."""
    case, _kept = _case(work, tools, message)
    if contact.confirm(work, case, message.mark):
        audit.record(work, tools, FAMILY, "case.contact", Subject("case", case.id))


def _case(
    work: Work, tools: Tools, message: ReportAmended | WithdrawalRequested | ContactConfirmed
) -> tuple[Case, Case]:
    """The case of this receipt and the one that it is part of, or itself, both locked. Raises Refused once it is
    erased: nothing can be kept under its key then."""
    case = store.by_receipt(work.session, message.receipt_id)
    if case is None or case.content_key is None:
        discard(tools.room.incoming, message)
        raise Refused("unknown_receipt")
    return store.locked_with_head(work.session, case.id)
