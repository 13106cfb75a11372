"""What an officer does with a family's letters: answers, sees to them, takes a correction over.

Call the acts through `acting.perform`. What a family added counts only once an officer has seen to it: its photos are
not enrolled before, its corrections not in the report.
"""

from sqlalchemy.orm import Session

from services.review import audit, photos
from services.review.acting import about, allow
from services.review.cases import claiming, comparing, contact, correcting, renewal, store
from services.review.cases.acts import needed
from services.review.cases.letter_models import Letter
from services.review.cases.letters import send, text_of, unread_rows
from services.review.cases.models import Case
from services.review.cases.rules import OPEN
from services.review.content import key_of
from services.review.people.rules import Actor
from services.review.subjects import Subject
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed


@about("case", "case.write")
def write(work: Work, tools: Tools, actor: Actor, case_id: str, text: str, *, asks: bool = False) -> None:
    """Writes to the family, in whatever state the case is; letters that only had to be read are then read.

    Raises NotAllowed: "not_permitted", "no_way_to_family", "message_missing", "claimed_by_other".
    """
    case = _worked_on(work, tools, actor, case_id, "case.return")
    if not case.family_key or not case.receipt_id:
        raise NotAllowed("no_way_to_family", "the family has no tracking code")
    text = needed(text, "message")
    send(work, tools, case, actor.id, "message", text, asks=asks)
    for row in unread_rows(work.session, case.id):
        if row.kind != "correction" and not row.photos:
            row.read_at, row.read_by = work.now, actor.id
    case.changed_at = work.now
    audit.record(work, tools, actor.id, "case.write", Subject("case", case.id), text)


@about("case", "case.letter")
def read(work: Work, tools: Tools, actor: Actor, case_id: str, letter_id: str) -> None:
    """An officer has seen to a letter. Its photos count from now on; of a registered case, or of a part of one,
    they are enrolled.

    Raises NotAllowed: "not_permitted", "not_found", "claimed_by_other".
    """
    _, kept = store.locked_with_head(work.session, case_id)
    case = _worked_on(work, tools, actor, case_id, "case.check")
    letter = _of_case(work.session, case, letter_id)
    if letter.read_at is not None:
        return
    letter.read_at, letter.read_by = work.now, actor.id
    waiting = [photo for photo in photos.of_case(work.session, case.id) if photo.letter_id == letter.id]
    for photo in waiting:
        photo.waits = False
    if waiting and kept.state == "registered":
        renewal.ask(work, kept, renewal.wanted(work.session))
    case.changed_at = work.now
    audit.record(work, tools, actor.id, "case.letter", Subject("case", case.id), letter.kind)


@about("case", "case.correct")
def take_over(work: Work, tools: Tools, actor: Actor, case_id: str, letter_id: str) -> None:
    """Puts a family's correction into the report. A registered case is asked for again, as ages may have changed.

    Raises NotAllowed: "not_permitted", "not_found", "closed", "claimed_by_other", "not_a_fact", "taken_already".
    """
    case = _worked_on(work, tools, actor, case_id, "case.check")
    if case.state not in OPEN:
        raise NotAllowed("closed", f"the case is {case.state}")
    letter = _of_case(work.session, case, letter_id)
    if letter.taken_at is not None:
        raise NotAllowed("taken_already", "it stands in the report")
    details = store.readable(tools, case)
    after = correcting.corrected(details, letter.fact, text_of(tools, case, letter) or "")
    store.save_details(tools, case, after)
    comparing.expose(work, tools, case, after)
    letter.taken_at, letter.read_at, letter.read_by = work.now, work.now, actor.id
    if after.reporter.email != details.reporter.email:
        contact.ask(work, tools, case, after.reporter.email)
    if after.child.born != details.child.born and case.state == "registered":
        renewal.ask(work, case, renewal.wanted(work.session))
    case.changed_at = work.now
    audit.record(work, tools, actor.id, "case.correct", Subject("case", case.id), str(letter.fact))


def _worked_on(work: Work, tools: Tools, actor: Actor, case_id: str, act: str) -> Case:
    case = store.locked(work.session, case_id)
    allow(actor, act, case.region, case.id)
    key_of(tools.room.keys, case)  # refused once it is erased
    if case.state in OPEN:
        claiming.work_on(case, actor, work.now)
    return case


def _of_case(session: Session, case: Case, letter_id: str) -> Letter:
    letter = session.get(Letter, letter_id)
    if letter is None or letter.case_id != case.id or letter.way != "in":
        raise NotAllowed("not_found", f"no letter {letter_id}")
    return letter
