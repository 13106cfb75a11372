"""What a family does after its report: it adds, answers, corrects, asks to withdraw.

Each is sealed to the police desk with the row that says only that something was sent: this door cannot read it back.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from services.ingest import drawer
from services.ingest.forms import FormKey
from services.ingest.handlers import handed_over
from services.ingest.intake import Accepted
from services.ingest.later import rules, store
from services.ingest.later.rules import LaterKind
from services.ingest.models import Addition
from services.ingest.rules import PhotoNote
from services.ingest.tools import Tools
from shared.bus import Work
from shared.messages import (
    Fact,
    Message,
    PhotoRef,
    ReportAmended,
    ReportPhoto,
    WithdrawalRequested,
)


@dataclass(frozen=True)
class Later:
    """What came after a report, read and found valid. `answers` is the id of the officer's letter that asked."""

    kind: LaterKind
    text: str
    fact: Fact | None = None
    answers: str | None = None
    notes: tuple[PhotoNote, ...] = ()


def send(later: Later, receipt_id: str, form: FormKey, photos: Sequence[Accepted], tools: Tools) -> bool:
    """Seals it and hands it to the police desk. False if this form was sent before.

    Raises rules.EndedError, rules.TooMuchError.
    """
    if is_sent(form, tools):
        return False
    with ExitStack() as undo:
        refs = [handed_over(photo, tools, undo) for photo in photos]
        try:
            with tools.room.bus.work() as work:
                _file(later, receipt_id, form, refs, work)
                drawer.empty(form, work, tools.room)
        except IntegrityError:
            if not is_sent(form, tools):
                raise
            return False  # a double click, and the other one was faster
        undo.pop_all()
    return True


def _file(later: Later, receipt_id: str, form: FormKey, refs: Sequence[PhotoRef], work: Work) -> None:
    receipt = store.locked_receipt(work.session, receipt_id)
    before = store.additions(work.session, receipt_id)
    rules.admit(receipt.status, [rules.Before(row.sent_at, row.photos) for row in before], len(refs), work.now)
    answers = store.answered(work.session, receipt_id, later.answers, work.now)
    row = Addition(
        id=form.id, receipt_id=receipt_id, kind=later.kind, photos=len(refs), answers=answers, sent_at=work.now
    )
    work.session.add(row)
    work.session.flush()
    work.publish(_message(later, receipt_id, answers, refs, work.now))


def _message(later: Later, receipt_id: str, answers: str | None, refs: Sequence[PhotoRef], now: datetime) -> Message:
    if later.kind == "withdrawal":
        return WithdrawalRequested(receipt_id, later.text, now)
    notes = later.notes or (PhotoNote(),) * len(refs)
    pairs = zip(refs, notes, strict=True)
    photos = tuple(ReportPhoto(ref, note.taken, note.age, note.face) for ref, note in pairs)
    return ReportAmended(receipt_id, later.kind, later.text, later.fact, answers, photos, now)


def is_sent(form: FormKey, tools: Tools) -> bool:
    """Whether this form was sent before."""
    with tools.room.bus.work() as work:
        return work.session.get(Addition, form.id) is not None
