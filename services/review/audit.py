"""The audit log: an append-only chain of every act and every refusal.

A row's text is encrypted under the content key of the case or sighting it is about (else to the room itself), and its
hash covers the ciphertext: after an erasure the text is gone and the chain still holds. Each hash is signed by the
room, so that who can write to the database alone cannot forge a new chain.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.audit_models import AuditHead, AuditRow
from services.review.content import open_text, seal_text
from services.review.subjects import Subject, content_key, owner_of
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import SealBroken
from shared.keys import Directory

GENESIS = "0" * 64
ROOM = "room"


@dataclass(frozen=True)
class Report:
    """What `verify` found. `broken` lists (sequence number, what is wrong)."""

    entries: int
    broken: tuple[tuple[int, str], ...]

    @property
    def whole(self) -> bool:
        return not self.broken


def record(
    work: Work, tools: Tools, actor: str, act: str, subject: Subject, text: str = "", *, refused: bool = False
) -> None:
    """Appends one row in `work`'s transaction, chained to the row before it. Concurrent writers wait for each other
    at the head row (SQLite: at the transaction's own lock), so the chain never forks."""
    head = _locked_head(work.session)
    row = AuditRow(
        seq=head.seq + 1, at=work.now, actor=actor, act=act, refused=refused, subject_kind=subject.kind,
        subject_id=subject.id, previous=head.hash,
    )  # fmt: skip
    row.sealed_to, row.text = _seal(work.session, tools, subject, text)
    row.hash = _hash(row)
    row.signature = tools.room.keys.sign(_signed(row.hash))
    work.session.add(row)
    head.seq, head.hash = row.seq, row.hash
    work.session.flush()


def _locked_head(session: Session) -> AuditHead:
    locked = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    head = session.scalar(locked.execution_options(populate_existing=True))
    if head is None:
        head = AuditHead(id=1, seq=0, hash=GENESIS)
        session.add(head)
    return head


def _seal(session: Session, tools: Tools, subject: Subject, text: str) -> tuple[str, bytes]:
    owner = owner_of(session, subject)
    key = owner and content_key(session, tools.room.keys, owner)
    if owner and key:
        return f"{owner.kind} {owner.id}", seal_text(key, text, "audit")
    return ROOM, tools.room.keys.seal_for(tools.room.keys.room, text.encode())


def text_of(session: Session, tools: Tools, row: AuditRow) -> str | None:
    """A row's text; None when the key it was encrypted under has been destroyed."""
    if row.sealed_to == ROOM:
        return tools.room.keys.unseal(row.text).decode()
    key = content_key(session, tools.room.keys, Subject(*row.sealed_to.split(" ", 1)))
    return open_text(key, row.text, "audit") if key else None


def entries(session: Session, before: int | None = None, limit: int = 100) -> Sequence[AuditRow]:
    """The latest rows, newest first; `before` is the sequence number to go on from."""
    query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
    return session.scalars(query.where(AuditRow.seq < before) if before else query).all()


def about(session: Session, subject: Subject) -> Sequence[AuditRow]:
    """Every row about one subject, oldest first."""
    query = select(AuditRow).where(AuditRow.subject_kind == subject.kind, AuditRow.subject_id == subject.id)
    return session.scalars(query.order_by(AuditRow.seq)).all()


def verify(session: Session, directory: Directory | None = None) -> Report:
    """Walks the whole chain. With the room's `directory` the signatures are checked too."""
    last, previous, broken = 0, GENESIS, []
    rows = session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=500))
    for row in rows:
        broken += [(row.seq, fault) for fault in _faults(row, last, previous, directory)]
        last, previous = row.seq, row.hash
    head = session.scalar(select(AuditHead).where(AuditHead.id == 1))
    if (head.seq, head.hash) != (last, previous) if head else last:
        broken.append((last, "the newest rows are missing"))
    return Report(last, tuple(broken))


def _faults(row: AuditRow, last: int, previous: str, directory: Directory | None) -> Iterator[str]:
    if row.seq != last + 1:
        yield "rows before it are missing"
    if row.previous != previous:
        yield "it does not follow the row before it"
    if row.hash != _hash(row):
        yield "it was changed"
    if directory and not _signature_holds(row, directory):
        yield "its signature does not hold"


def _signature_holds(row: AuditRow, directory: Directory) -> bool:
    try:
        directory.verify("review", _signed(row.hash), row.signature)
    except SealBroken:
        return False
    return True


def _signed(digest: str) -> bytes:
    return b"homeward audit " + digest.encode()


def _hash(row: AuditRow) -> str:
    """SHA-256 over everything in the row but its hash and signature, the text as its ciphertext's digest."""
    cells = [
        row.seq, _stamp(row.at), row.actor, row.act, row.refused, row.subject_kind, row.subject_id, row.sealed_to,
        hashlib.sha256(row.text).hexdigest(), row.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")
