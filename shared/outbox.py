"""The outbox: what a room has promised to send, written in the transaction that decided it.

A row is done only when its receiver has acknowledged it; until then the relay sends it again, under the same id.
The row alone decides on retries and on giving up; the queue only carries.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.envelope import Envelope
from shared.routes import FINAL

MAX_ATTEMPTS = 15
MAX_BACKOFF_S = 300
IN_TROUBLE_AFTER = 1
EARLY = "Early"
"""The reason of a failure that is no failure: the receiver has not yet taken what precedes it."""

_FINAL_TYPES = tuple(sorted(kind.__name__ for kind in FINAL))


@dataclass(frozen=True)
class OutboxTables:
    rows: Table
    subjects: Table


def define(metadata: MetaData) -> OutboxTables:
    """The outbox's two tables in a room's metadata."""
    rows = Table(
        "outbox",
        metadata,
        Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("id", String(26), nullable=False, unique=True),
        Column("receiver", String(20), nullable=False),
        Column("type", String(40), nullable=False),
        Column("subject", String(64), nullable=False, index=True),
        Column("sequence", Integer, nullable=False),
        Column("envelope", Text),
        Column("digest", String(64), nullable=False),
        Column("state", String(8), nullable=False, index=True),
        Column("sends", Integer, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("reason", String(200), nullable=False),
        Column("answered_at", DateTime(timezone=True)),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("written_at", DateTime(timezone=True), nullable=False),
    )
    subjects = Table(
        "outbox_subjects",
        metadata,
        Column("receiver", String(20), primary_key=True),
        Column("subject", String(64), primary_key=True),
        Column("last", Integer, nullable=False),
    )
    return OutboxTables(rows, subjects)


def tables(metadata: MetaData) -> OutboxTables:
    return OutboxTables(metadata.tables["outbox"], metadata.tables["outbox_subjects"])


def next_sequence(session: Session, box: OutboxTables, receiver: str, subject: str) -> int:
    """The next number of this subject to this receiver, from 1, without gaps."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(box.subjects).values(receiver=receiver, subject=subject, last=1)
    taken = fresh.on_conflict_do_update(
        index_elements=["receiver", "subject"], set_={"last": box.subjects.c.last + 1}
    ).returning(box.subjects.c.last)
    return int(session.execute(taken).scalar_one())


def write(session: Session, box: OutboxTables, envelope: Envelope, now: datetime) -> None:
    text = envelope.text()
    session.execute(
        box.rows.insert().values(
            id=envelope.id,
            receiver=envelope.receiver,
            type=envelope.type,
            subject=envelope.subject,
            sequence=envelope.sequence,
            envelope=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            state="waiting",
            sends=0,
            attempts=0,
            reason="",
            due_at=now,
            written_at=now,
        )
    )


def due(session: Session, box: OutboxTables, now: datetime, limit: int = 100) -> list[tuple[str, str, int, str]]:
    """(id, receiver, times sent, envelope) of the rows to send now, oldest first.

    A row waits for those before it in its subject, unless they were refused for good. One that ends its subject waits
    only for those in no trouble.
    """
    rows, earlier = box.rows, box.rows.alias("earlier")
    blocked = exists().where(
        earlier.c.receiver == rows.c.receiver,
        earlier.c.subject == rows.c.subject,
        earlier.c.sequence < rows.c.sequence,
        earlier.c.state.in_(("waiting", "dead")),
        or_(
            rows.c.type.not_in(_FINAL_TYPES),
            and_(earlier.c.state == "waiting", earlier.c.attempts < IN_TROUBLE_AFTER),
        ),
    )
    query = (
        select(rows.c.id, rows.c.receiver, rows.c.sends, rows.c.envelope)
        .where(rows.c.state == "waiting", rows.c.due_at <= now, ~blocked)
        .order_by(rows.c.position)
        .limit(limit)
    )
    return [tuple(row) for row in session.execute(query)]


def sent(session: Session, box: OutboxTables, id_: str, look_again_at: datetime, *, again: bool) -> None:
    """Notes that a row was put on the queue (`again`: is still there), and when to look whether it was answered."""
    values: dict[str, object] = {"due_at": look_again_at}
    if not again:
        values["sends"] = box.rows.c.sends + 1
    session.execute(update(box.rows).where(box.rows.c.id == id_, box.rows.c.state == "waiting").values(values))


@dataclass(frozen=True)
class Answer:
    """What became of a row: the receiver's `applied`, `failed` or `refused`, or `died` with its workers."""

    id: str
    receiver: str
    outcome: str
    reason: str
    answered_at: datetime


def settle(session: Session, box: OutboxTables, answer: Answer, now: datetime) -> None:
    """Applies an answer: done and its payload gone, refused, to be sent again later, or dead.

    An answer not newer than the last one is ignored, so that a recorded one cannot be played again.
    """
    rows = box.rows
    mine = and_(rows.c.id == answer.id, rows.c.receiver == answer.receiver, rows.c.state == "waiting")
    fresh = or_(rows.c.answered_at.is_(None), rows.c.answered_at < answer.answered_at)
    attempts = session.execute(select(rows.c.attempts).where(mine, fresh)).scalar_one_or_none()
    if attempts is None:
        return
    values = _settled(answer, attempts, now) | {"reason": answer.reason[:200], "answered_at": answer.answered_at}
    session.execute(update(rows).where(mine).values(values))


def _settled(answer: Answer, attempts: int, now: datetime) -> dict[str, object]:
    if answer.outcome == "applied":
        return {"state": "done", "envelope": None}
    if answer.outcome == "refused":
        return {"state": "refused"}
    if answer.reason == EARLY:
        return {"due_at": now + timedelta(seconds=1)}
    attempts += 1
    if answer.outcome == "died" or attempts >= MAX_ATTEMPTS:
        return {"state": "dead", "attempts": attempts}
    return {"attempts": attempts, "due_at": now + timedelta(seconds=min(MAX_BACKOFF_S, 2 ** (attempts - 1)))}


@dataclass(frozen=True)
class DeadLetter:
    """A row that was given up (`dead`, can be sent again) or refused for good (`refused`)."""

    id: str
    receiver: str
    type: str
    state: str
    attempts: int
    reason: str
    written_at: datetime


def dead_letters(session: Session, box: OutboxTables) -> list[DeadLetter]:
    """Oldest first."""
    columns = [box.rows.c[name] for name in DeadLetter.__annotations__]
    query = select(*columns).where(box.rows.c.state.in_(("dead", "refused"))).order_by(box.rows.c.position)
    return [DeadLetter(*row) for row in session.execute(query)]


def requeue(session: Session, box: OutboxTables, ids: list[str] | None, now: datetime) -> int:
    """Sends dead rows again (all, or those of `ids`), with their attempts forgotten. Returns how many."""
    which = box.rows.c.state == "dead"
    if ids is not None:
        which = and_(which, box.rows.c.id.in_(ids))
    count = session.execute(select(func.count()).select_from(box.rows).where(which)).scalar_one()
    session.execute(update(box.rows).where(which).values(state="waiting", attempts=0, sends=0, due_at=now))
    return int(count)
