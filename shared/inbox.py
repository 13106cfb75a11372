"""The inbox: what a room has taken in. An id is recorded in the same transaction as its effects, so that a message
delivered twice has one effect; and each subject remembers how far it came, so that its messages keep their order."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, String, Table, Text, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.envelope import Envelope
from shared.errors import HomewardError, Refused

KEPT_CHARACTERS = 20_000


class Early(HomewardError):
    """A message came before one that precedes it in its subject; it is to be sent again later."""


@dataclass(frozen=True)
class InboxTables:
    rows: Table
    subjects: Table
    refusals: Table


def define(metadata: MetaData) -> InboxTables:
    """The inbox's three tables in a room's metadata."""
    rows = Table(
        "inbox",
        metadata,
        Column("id", String(26), primary_key=True),
        Column("sender", String(20), nullable=False),
        Column("type", String(40), nullable=False),
        Column("subject", String(64), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("outcome", String(12), nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False),
    )
    subjects = Table(
        "inbox_subjects",
        metadata,
        Column("sender", String(20), primary_key=True),
        Column("subject", String(64), primary_key=True),
        Column("last", Integer, nullable=False),
        Column("ended", Integer, nullable=False),
    )
    refusals = Table(
        "inbox_refusals",
        metadata,
        Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("digest", String(64), nullable=False, unique=True),
        Column("reason", String(200), nullable=False),
        Column("times", Integer, nullable=False),
        Column("text", Text, nullable=False),
        Column("refused_at", DateTime(timezone=True), nullable=False),
    )
    return InboxTables(rows, subjects, refusals)


def tables(metadata: MetaData) -> InboxTables:
    names = ("inbox", "inbox_subjects", "inbox_refusals")
    return InboxTables(*(metadata.tables[name] for name in names))


def admit(
    session: Session, box: InboxTables, envelope: Envelope, *, final: bool, now: datetime, outcome: str = "applied"
) -> bool:
    """Records the envelope and moves its subject on. True if its handler is to run.

    False for one that was taken before, or whose subject has ended. Raises Early, or Refused: "stale", or
    "refused_before" for one whose refusal its sender has not heard.
    """
    last, ended = _subject(session, box, envelope)
    before = session.execute(select(box.rows.c.outcome).where(box.rows.c.id == envelope.id)).scalar_one_or_none()
    if before == "refused":
        raise Refused("refused_before")
    if before is not None:
        return False
    if not ended and envelope.sequence <= last:
        raise Refused("stale")
    if not ended and not final and envelope.sequence > last + 1:
        raise Early(envelope.subject)
    values = {name: getattr(envelope, name) for name in ("id", "sender", "type", "subject", "sequence")}
    noted = "superseded" if ended else outcome
    session.execute(box.rows.insert().values(**values, outcome=noted, received_at=now))
    session.execute(
        update(box.subjects)
        .where(box.subjects.c.sender == envelope.sender, box.subjects.c.subject == envelope.subject)
        .values(last=max(last, envelope.sequence), ended=int(ended or final))
    )
    return not ended


def _subject(session: Session, box: InboxTables, envelope: Envelope) -> tuple[int, bool]:
    """(last sequence, ended) of the envelope's subject, its row locked where the database locks rows."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(box.subjects).values(sender=envelope.sender, subject=envelope.subject, last=0, ended=0)
    session.execute(fresh.on_conflict_do_nothing())
    found = session.execute(
        select(box.subjects.c.last, box.subjects.c.ended)
        .where(box.subjects.c.sender == envelope.sender, box.subjects.c.subject == envelope.subject)
        .with_for_update()
    ).one()
    return int(found.last), bool(found.ended)


def keep_refused(session: Session, box: InboxTables, text: object, reason: str, now: datetime) -> None:
    """Keeps what was refused (its first 20,000 characters), once for the same text and reason, with a count.

    Characters that a database cannot hold (NUL, half a surrogate pair) are replaced.
    """
    kept = str(text)[:KEPT_CHARACTERS].replace("\0", "\ufffd").encode(errors="replace").decode()
    digest = hashlib.sha256(f"{reason}\0{text}".encode(errors="replace")).hexdigest()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(box.refusals).values(digest=digest, reason=reason[:200], times=1, text=kept, refused_at=now)
    session.execute(
        fresh.on_conflict_do_update(
            index_elements=["digest"], set_={"times": box.refusals.c.times + 1, "refused_at": now}
        )
    )
