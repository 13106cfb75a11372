"""How a report or a sighting stands, for whoever holds its tracking code."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from services.ingest import store, tracking
from services.ingest.rules import Kind, StatusWords, status_words
from services.ingest.tools import Tools
from shared.errors import HomewardError
from shared.messages import CaseStatus


class UnknownCode(HomewardError):
    """A well-formed code that nothing was sent under."""


@dataclass(frozen=True)
class Letter:
    """An officer's words to the family. `text` is None if they do not open with this code."""

    sent_at: datetime
    text: str | None


@dataclass(frozen=True)
class Standing:
    """What the tracking code opens."""

    kind: Kind
    status: CaseStatus
    words: StatusWords
    submitted_at: datetime
    changed_at: datetime
    letters: tuple[Letter, ...]


def standing(heard: str, tools: Tools) -> Standing:
    """How the submission under the code `heard` stands. Raises tracking.BadCode or UnknownCode."""
    code = tracking.normal(heard)
    with tools.room.bus.work() as work:
        receipt = store.receipt_by_hash(work.session, tracking.lookup_hash(code))
        if receipt is None:
            raise UnknownCode("Nothing was sent under this tracking code.")
        kind, status = cast(Kind, receipt.kind), cast(CaseStatus, receipt.status)
        salt, submitted_at, changed_at = receipt.salt, receipt.submitted_at, receipt.changed_at
        sealed = [(row.sent_at, row.sealed) for row in store.messages(work.session, receipt.id)]
    letters = _letters(code, salt, sealed)
    return Standing(kind, status, status_words(kind, status), submitted_at, changed_at, letters)


def _letters(code: str, salt: bytes, sealed: list[tuple[datetime, bytes]]) -> tuple[Letter, ...]:
    """Opened with one Argon2id, and with none where nobody wrote."""
    if not sealed:
        return ()
    key = tracking.family_secret(code, salt)
    return tuple(Letter(sent_at, tracking.open_letter(key, words)) for sent_at, words in sealed)
