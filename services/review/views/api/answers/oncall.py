"""What is answered about who is on call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class CallSaid:
    name: str
    state: Literal["due", "sent", "failed"]
    fault: str | None


@dataclass(frozen=True)
class PageSaid:
    """One cause for which somebody was called, and what became of each call."""

    why: str
    subject_id: str
    region: str | None
    at: datetime
    calls: tuple[CallSaid, ...]


@dataclass(frozen=True)
class OnCallLine:
    id: str
    name: str
    address: str
    region: str


@dataclass(frozen=True)
class OnCallList:
    on_call: tuple[OnCallLine, ...]
    pages: tuple[PageSaid, ...]
