"""The chain of the audit log: what each row's hash covers, and the walk that finds any change, gap or reordering."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.audit_models import AuditHead, AuditRow, Checkpoint
from shared.errors import SealBroken
from shared.keys import Directory

GENESIS = "0" * 64


@dataclass(frozen=True)
class Report:
    """What `verify` found. `broken` lists (sequence number, what is wrong), in order."""

    entries: int
    broken: tuple[tuple[int, str], ...]
    checkpoints: int = 0

    @property
    def whole(self) -> bool:
        return not self.broken


@dataclass(frozen=True)
class Mark:
    """A checkpoint, kept here or outside: at `at` the chain's row `seq` had this hash. Signed by the room."""

    seq: int
    hash: str
    at: datetime
    signature: str


def verify(session: Session, directory: Directory | None = None, marks: Iterable[Mark] = ()) -> Report:
    """Walks the whole chain. With the room's `directory` the signatures are checked too, and with them the desk's
    own checkpoints and the `marks` that were kept outside."""
    last, previous, broken = 0, GENESIS, []
    rows = session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=500))
    for row in rows:
        broken += [(row.seq, fault) for fault in _faults(session, row, last, previous, directory)]
        if row.seq != last + 1:
            broken.append((last + 1, "from here on rows are missing"))
        last, previous = row.seq, row.hash
    head = session.scalar(select(AuditHead).where(AuditHead.id == 1))
    if (head.seq, head.hash) != (last, previous) if head else last:
        broken.append((last, "the newest rows are missing"))
    kept = [*_kept(session), *marks] if directory else []
    broken += [found for mark in kept for found in _against(session, mark, directory)]
    return Report(last, tuple(sorted(set(broken))), len(kept))


def _kept(session: Session) -> Iterator[Mark]:
    for row in session.scalars(select(Checkpoint).order_by(Checkpoint.seq)):
        yield Mark(row.seq, row.hash, row.at, row.signature)


def _against(session: Session, mark: Mark, directory: Directory | None) -> Iterator[tuple[int, str]]:
    if directory and not _signed_by_room(directory, said_by(mark), mark.signature):
        yield mark.seq, "a checkpoint here is not signed by the desk"
        return
    if session.scalar(select(AuditRow.hash).where(AuditRow.seq == mark.seq)) != mark.hash:
        yield mark.seq, "it is not what a checkpoint says"


def _faults(
    session: Session, row: AuditRow, last: int, previous: str, directory: Directory | None
) -> Iterator[str]:  # fmt: skip
    if row.seq != last + 1:
        yield "rows before it are missing"
    if row.previous != previous:
        yield "it does not follow the row before it"
        if row.previous != GENESIS and session.scalar(select(AuditRow.seq).where(AuditRow.hash == row.previous)):
            yield "it was moved from another place"
    if row.hash != digest(row):
        yield "it was changed"
    if directory and not _signed_by_room(directory, signed(row.hash), row.signature):
        yield "its signature does not hold"


def _signed_by_room(directory: Directory, data: bytes, signature: str) -> bool:
    try:
        directory.verify("review", data, signature)
    except SealBroken:
        return False
    return True


def signed(chain_hash: str) -> bytes:
    """What the room signs of a row."""
    return b"homeward audit " + chain_hash.encode()


def said_by(mark: Mark) -> bytes:
    """What the room signs of a checkpoint."""
    return f"homeward audit checkpoint {mark.seq} {mark.hash} {stamp(mark.at)}".encode()


def digest(row: AuditRow) -> str:
    """SHA-256 over everything in the row but its hash and signature, the text as its ciphertext's digest. A row from
    before origins were kept has none in its hash."""
    cells = [
        row.seq, stamp(row.at), row.actor, row.act, row.refused, row.subject_kind, row.subject_id, row.sealed_to,
        hashlib.sha256(row.text).hexdigest(), row.previous,
    ]  # fmt: skip
    cells += [row.origin] if row.origin is not None else []
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")
