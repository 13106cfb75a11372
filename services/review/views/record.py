"""The audit log as an officer may read it: who did what when, and the words where they may be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.review import audit
from services.review.audit_models import AuditRow
from services.review.base import db
from services.review.candidates.models import Sighting
from services.review.candidates.secrecy import is_secret
from services.review.cases.models import Case
from services.review.people import store as people
from services.review.people.rules import Actor, may
from services.review.subjects import Subject
from services.review.views.context import tools


@dataclass(frozen=True)
class Entry:
    """A row of the record. `text` is None where it is erased or not for this reader; `hidden` tells which."""

    seq: int
    at: datetime
    actor: str
    actor_name: str | None
    act: str
    refused: bool
    subject: Subject
    text: str | None
    hidden: bool
    origin: str | None = None


def about_case(viewer: Actor, case: Case, drafts: Iterable[str]) -> list[Entry]:
    """All that was done to a case and its alerts, newest first. Decisions on its candidates stand with those."""
    subjects = [Subject("case", case.id), *(Subject("draft", id_) for id_ in drafts)]
    rows = [row for subject in subjects for row in audit.about(db.session(), subject)]
    return _entries(viewer, sorted(rows, key=lambda row: row.seq, reverse=True))


def latest(viewer: Actor, before: int | None, limit: int, wanted: audit.Wanted = audit.EVERYTHING) -> list[Entry]:
    """The log itself, newest first, before a sequence number."""
    return _entries(viewer, audit.entries(db.session(), before, limit, wanted))


def told_to(viewer: Actor, row: AuditRow) -> tuple[str | None, str]:
    """A row's words, and whether they are `readable`, `erased`, or `hidden` from this viewer."""
    if not _may_read(viewer, row) or is_secret(db.session(), tools(), viewer, row):
        return None, "hidden"
    text = audit.text_of(db.session(), tools(), row)
    return text, "erased" if text is None else "readable"


def _entries(viewer: Actor, rows: Sequence[AuditRow]) -> list[Entry]:
    names = people.names(db.session())
    return [_entry(viewer, row, names) for row in rows]


def _entry(viewer: Actor, row: AuditRow, names: dict[str, str]) -> Entry:
    text, state = told_to(viewer, row)
    subject = Subject(row.subject_kind, row.subject_id)
    return Entry(
        row.seq, row.at, row.actor, names.get(row.actor), row.act, row.refused, subject, text, state == "hidden",
        row.origin,
    )  # fmt: skip


def _may_read(viewer: Actor, row: AuditRow) -> bool:
    """The words about a case or sighting are for those who may read it; what the desk itself notes is for all."""
    if row.sealed_to == audit.ROOM:
        return True
    kind, _, id_ = row.sealed_to.partition(" ")
    owner = db.session.get(Case if kind == "case" else Sighting, id_)
    return owner is not None and may(viewer, f"{kind}.read", owner.region, id_ if kind == "case" else None)
