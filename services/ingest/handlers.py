"""The acts of this door: a report or a sighting handed to the police desk, and the desk's answers noted."""

import base64
import binascii
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from services.ingest import store, tracking
from services.ingest.intake import Accepted
from services.ingest.later import contact
from services.ingest.models import Receipt
from services.ingest.rules import Kind, Report, Sighting
from services.ingest.tools import Tools
from shared.blobs import hand_over
from shared.bus import Work
from shared.errors import Refused
from shared.keys import random_id
from shared.messages import (
    CaseStatusChanged,
    ContactAsked,
    FamilyMessageSent,
    Language,
    Message,
    PhotoRef,
    ReportPhoto,
    ReportSubmitted,
    SightingPhoto,
    SightingSubmitted,
)


@dataclass(frozen=True)
class Entry:
    """What a submission takes with it besides its text: its tracking code and the salt of its key, its photos, and how
    to clear away what it was written in."""

    code: str
    photos: Sequence[Accepted]
    salt: bytes = b""
    clear: Callable[[Work], None] = lambda work: None


@dataclass(frozen=True)
class _Slip:
    """What a submission gets at the door."""

    receipt_id: str
    family_key: str
    photos: Sequence[PhotoRef]
    now: datetime


def submit_report(report: Report, entry: Entry, tools: Tools) -> bool:
    """Seals a report and hands it to the police desk. False if this code's report is there already."""

    def message(slip: _Slip) -> Message:
        notes = zip(slip.photos, report.photos, strict=True)
        return ReportSubmitted(
            receipt_id=slip.receipt_id,
            family_key=slip.family_key,
            child=report.child,
            last_seen=report.last_seen,
            reporter=report.reporter,
            photos=tuple(ReportPhoto(ref, note.taken, note.age, note.face) for ref, note in notes),
            language=report.language,
            submitted_at=slip.now,
        )

    return _submit("report", report.language, entry, message, tools)


def submit_sighting(sighting: Sighting, entry: Entry, tools: Tools) -> bool:
    """Seals a sighting and hands it to the police desk. False if this code's sighting is there already."""

    def message(slip: _Slip) -> Message:
        notes = zip(slip.photos, sighting.photos, strict=True)
        return SightingSubmitted(
            receipt_id=slip.receipt_id,
            family_key=slip.family_key,
            alert=sighting.alert,
            seen_at=sighting.seen_at,
            place=sighting.place,
            lat=sighting.lat,
            lon=sighting.lon,
            note=sighting.note,
            in_danger=sighting.in_danger,
            photos=tuple(SightingPhoto(ref, note.faces, note.age) for ref, note in notes),
            contact=sighting.contact,
            language=sighting.language,
            submitted_at=slip.now,
        )

    return _submit("sighting", sighting.language, entry, message, tools)


def case_status_changed(message: CaseStatusChanged, work: Work) -> None:
    """Notes how a case stands, for the family's page."""
    receipt = store.receipt(work.session, message.receipt_id)
    if receipt is None:
        raise Refused("unknown_receipt")
    receipt.status, receipt.changed_at = message.status, message.changed_at


def family_message_sent(message: FamilyMessageSent, work: Work) -> None:
    """Keeps an officer's words, sealed as they came: only the tracking code opens them."""
    if store.receipt(work.session, message.receipt_id) is None:
        raise Refused("unknown_receipt")
    try:
        sealed = base64.b64decode(message.sealed, validate=True)
    except binascii.Error as error:
        raise Refused("unreadable_seal") from error
    store.add_message(
        work.session, work.message_id or random_id(), message.receipt_id, sealed, message.sent_at, asks=message.asks
    )


def _submit(kind: Kind, language: Language, entry: Entry, message: Callable[[_Slip], Message], tools: Tools) -> bool:
    code_hash = tracking.lookup_hash(entry.code)
    if _is_known(code_hash, tools):
        return False
    salt = entry.salt or tracking.new_salt()
    receipt = Receipt(id=random_id(), code_hash=code_hash, salt=salt, kind=kind, language=language)
    family_key = tracking.family_key(entry.code, salt)
    try:
        _file(receipt, lambda refs, now: message(_Slip(receipt.id, family_key, refs, now)), entry, tools)
    except IntegrityError:
        if not _is_known(code_hash, tools):
            raise
        return False  # a double click, and the other one was faster
    return True


def _file(
    receipt: Receipt, message: Callable[[Sequence[PhotoRef], datetime], Message], entry: Entry, tools: Tools
) -> None:
    """Receipt and message in one transaction; photos handed over before it are taken back if it fails."""
    with ExitStack() as undo:
        refs = [handed_over(photo, tools, undo) for photo in entry.photos]
        with tools.room.bus.work() as work:
            receipt.status, receipt.submitted_at, receipt.changed_at = "received", work.now, work.now
            work.session.add(receipt)
            work.publish(message(refs, work.now))
            entry.clear(work)
        undo.pop_all()


def is_sent(code: str, tools: Tools) -> bool:
    """Whether something was already sent under this code."""
    return _is_known(tracking.lookup_hash(code), tools)


def _is_known(code_hash: str, tools: Tools) -> bool:
    with tools.room.bus.work() as work:
        return store.receipt_by_hash(work.session, code_hash) is not None


def handed_over(photo: Accepted, tools: Tools, undo: ExitStack) -> PhotoRef:
    """A photo in a transit copy for the police desk; `undo` takes it back."""
    clean, store_ = photo.photo, tools.room.outgoing("review")
    ref = hand_over(store_, clean.data, media_type=clean.media_type, width=clean.width, height=clean.height)
    undo.callback(store_.delete, ref.blob)
    return ref


HANDLERS: dict[type[Message], Callable[..., None]] = {
    CaseStatusChanged: case_status_changed,
    FamilyMessageSent: family_message_sent,
    ContactAsked: contact.contact_asked,
}
