"""The audit log: an append-only chain of every act, every reading of personal data and every refusal.

A row's text is encrypted under the content key of the case or sighting it is about (else to the room itself), and its
hash covers the ciphertext: after an erasure the text is gone and the chain still holds. Each hash is signed by the
room, so that who can write to the database alone cannot forge a new chain; triggers refuse changes before that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, has_request_context
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from services.review.audit_chain import GENESIS, Mark, Report, digest, signed, verify
from services.review.audit_models import AuditHead, AuditRow
from services.review.content import open_text, seal_text
from services.review.people.rules import READS
from services.review.subjects import Subject, content_key, owner_of
from services.review.tools import Tools
from shared.bus import Work

__all__ = [
    "EVERYTHING",
    "ROOM",
    "Mark",
    "Report",
    "Wanted",
    "about",
    "entries",
    "in_order",
    "record",
    "text_of",
    "verify",
]

ROOM = "room"
LONGEST_ORIGIN = 120


@dataclass(frozen=True)
class Wanted:
    """Which rows: of one actor, of acts that begin with `act`, about one subject, in a time; `reads`: also readings."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    refused: bool = False
    reads: bool = True


EVERYTHING = Wanted()


def record(
    work: Work, tools: Tools, actor: str, act: str, subject: Subject, text: str = "", *, refused: bool = False
) -> None:
    """Appends one row in `work`'s transaction, chained to the row before it. Concurrent writers wait for each other
    at the head row (SQLite: at the transaction's own lock), so the chain never forks."""
    head = _locked_head(work.session)
    row = AuditRow(
        seq=head.seq + 1, at=work.now, actor=actor, act=act, refused=refused, subject_kind=subject.kind,
        subject_id=subject.id, previous=head.hash, origin=_origin(tools),
    )  # fmt: skip
    row.sealed_to, row.text = _seal(work.session, tools, subject, text)
    row.hash = digest(row)
    row.signature = tools.room.keys.sign(signed(row.hash))
    work.session.add(row)
    head.seq, head.hash = row.seq, row.hash
    work.session.flush()


def _origin(tools: Tools) -> str:
    """From where: the address and the log-in or token that the request came with, else which process it was."""
    if has_request_context():
        return str(g.get("origin", "the desk"))[:LONGEST_ORIGIN]
    return "worker" if tools.gate else "command line"


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


def entries(
    session: Session, before: int | None = None, limit: int = 100, wanted: Wanted = EVERYTHING
) -> Sequence[AuditRow]:
    """The latest rows that are wanted, newest first; `before` is the sequence number to go on from."""
    query = _chosen(wanted).order_by(AuditRow.seq.desc()).limit(limit)
    return session.scalars(query.where(AuditRow.seq < before) if before else query).all()


def in_order(session: Session, after: int, limit: int, wanted: Wanted) -> Sequence[AuditRow]:
    """The wanted rows after a sequence number, oldest first."""
    return session.scalars(_chosen(wanted).where(AuditRow.seq > after).order_by(AuditRow.seq).limit(limit)).all()


def _chosen(wanted: Wanted) -> Select[tuple[AuditRow]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(AuditRow.actor == wanted.actor)
    if wanted.act:
        conditions.append(AuditRow.act.startswith(wanted.act, autoescape=True))
    if wanted.subject:
        conditions.append(AuditRow.subject_id.startswith(wanted.subject, autoescape=True))
    if wanted.since:
        conditions.append(AuditRow.at >= wanted.since)
    if wanted.until:
        conditions.append(AuditRow.at < wanted.until)
    if wanted.refused:
        conditions.append(AuditRow.refused)
    if not wanted.reads:
        conditions.append(AuditRow.act.not_in(READS))
    return select(AuditRow).where(*conditions)


def about(session: Session, subject: Subject) -> Sequence[AuditRow]:
    """Every act and refusal about one subject, oldest first; who only read is in the log itself."""
    query = select(AuditRow).where(AuditRow.subject_kind == subject.kind, AuditRow.subject_id == subject.id)
    return session.scalars(query.where(AuditRow.act.not_in(READS)).order_by(AuditRow.seq)).all()
