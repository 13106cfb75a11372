"""How a report, a sighting or a request for removal stands, for whoever holds its tracking code."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

from services.ingest import store, tracking
from services.ingest.later import rules
from services.ingest.later import store as later
from services.ingest.later.rules import LaterKind
from services.ingest.models import ContactCheck, FamilyMessage, Receipt
from services.ingest.rules import Kind, StatusWords, status_words
from services.ingest.tools import Tools
from shared.bus import Work
from shared.errors import HomewardError
from shared.messages import CaseStatus

Contact = Literal["asked", "confirmed", "over"]


class UnknownCode(HomewardError):
    """A well-formed code that nothing was sent under."""


@dataclass(frozen=True)
class Letter:
    """An officer's words to the family. `text` is None if they do not open with this code; `waits`: they ask for an
    answer and have none."""

    sent_at: datetime
    text: str | None
    id: str = ""
    asks: bool = False
    waits: bool = False


@dataclass(frozen=True)
class Sent:
    """Something that the family sent after its report. What it says is sealed, and not known here."""

    sent_at: datetime
    kind: LaterKind
    photos: int


@dataclass(frozen=True)
class Standing:
    """What the tracking code opens. `contact` is how the report's e-mail address stands, None if none was asked about;
    `answer_by` is for a request for removal."""

    receipt_id: str
    kind: Kind
    status: CaseStatus
    words: StatusWords
    submitted_at: datetime
    changed_at: datetime
    letters: tuple[Letter, ...]
    sent: tuple[Sent, ...] = ()
    contact: Contact | None = None
    answer_by: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it can still be added to."""
        return self.kind == "report" and self.status != "ended"

    @property
    def history(self) -> list[Letter | Sent]:
        """What was written, in both directions, the oldest first."""
        both: list[Letter | Sent] = [*self.letters, *self.sent]
        return sorted(both, key=lambda each: each.sent_at)

    @property
    def question(self) -> Letter | None:
        """The officer's latest question that has no answer."""
        return next((letter for letter in self.letters if letter.waits), None)

    @property
    def withdrawal_waits(self) -> bool:
        """Whether a withdrawal was asked for, and no officer has written since."""
        asked = max((each.sent_at for each in self.sent if each.kind == "withdrawal"), default=None)
        return asked is not None and not any(letter.sent_at > asked for letter in self.letters)


def standing(heard: str, tools: Tools) -> Standing:
    """How the submission under the code `heard` stands. Raises tracking.BadCode or UnknownCode."""
    code = tracking.normal(heard)
    with tools.room.bus.work() as work:
        receipt = store.receipt_by_hash(work.session, tracking.lookup_hash(code))
        if receipt is None:
            raise UnknownCode("Nothing was sent under this tracking code.")
        salt, found = receipt.salt, _without_letters(work, receipt)
        sealed = [(_closed(row), row.sealed) for row in store.messages(work.session, receipt.id)]
    return replace(found, letters=_letters(code, salt, sealed))


def _without_letters(work: Work, receipt: Receipt) -> Standing:
    kind, status = cast(Kind, receipt.kind), cast(CaseStatus, receipt.status)
    sent = tuple(
        Sent(row.sent_at, cast(LaterKind, row.kind), row.photos) for row in later.additions(work.session, receipt.id)
    )
    return Standing(
        receipt.id, kind, status, status_words(kind, status), receipt.submitted_at, receipt.changed_at, (), sent,
        _contact(later.contact(work.session, receipt.id), work.now), receipt.answer_by,
    )  # fmt: skip


def _contact(check: ContactCheck | None, now: datetime) -> Contact | None:
    if check is None:
        return None
    if check.confirmed_at is not None:
        return "confirmed"
    return "over" if rules.is_over(check.asked_at, now) else "asked"


def _closed(row: FamilyMessage) -> Letter:
    return Letter(row.sent_at, None, row.id, row.asks, row.asks and row.answered_at is None)


def _letters(code: str, salt: bytes, sealed: list[tuple[Letter, bytes]]) -> tuple[Letter, ...]:
    """Opened with one Argon2id, and with none where nobody wrote."""
    if not sealed:
        return ()
    key = tracking.family_secret(code, salt)
    return tuple(replace(letter, text=tracking.open_letter(key, words)) for letter, words in sealed)
