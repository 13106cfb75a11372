"""What is answered about the record."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Subject:
    """What a row of the record is about."""

    kind: str
    id: str


@dataclass(frozen=True)
class Entry:
    """A row of the record. `text` is null where it is erased or not for this reader."""

    seq: int
    at: datetime
    actor: str
    actor_name: str | None
    act: str
    refused: bool
    subject: Subject
    text: str | None
    origin: str | None


@dataclass(frozen=True)
class Fault:
    seq: int
    fault: str


@dataclass(frozen=True)
class Verified:
    """Whether the chain of the record holds, and where not."""

    entries: int
    whole: bool
    broken: tuple[Fault, ...]


@dataclass(frozen=True)
class Record:
    """Rows of the record, newest first. `next` goes into `before` for the page that follows, null at the end."""

    entries: tuple[Entry, ...]
    next: int | None
    verified: Verified | None = None
