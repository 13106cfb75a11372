"""What the desk and a family write to each other about a case, kept in order under the case's key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from services.review.cases import family
from services.review.cases.letter_models import Letter
from services.review.cases.links import wholes
from services.review.cases.models import Case
from services.review.content import key_of, open_text, seal_text
from services.review.people.rules import Actor
from services.review.tools import Tools
from shared.bus import Work
from shared.keys import random_id

Kind = Literal["addition", "answer", "correction", "withdrawal", "message", "return", "reject", "outcome"]
"""The first four come in, the others go out."""


_UNREAD = (Letter.way == "in", Letter.read_at.is_(None))


@dataclass(frozen=True)
class Told:
    """A letter with its words (None once it is erased), and when the question in it was answered."""

    row: Letter
    text: str | None
    answered_at: datetime | None

    @property
    def unread(self) -> bool:
        return self.row.way == "in" and self.row.read_at is None


def thread(session: Session, tools: Tools, case: Case) -> list[Told]:
    """Everything written about the case, the oldest first."""
    rows = session.scalars(select(Letter).where(Letter.case_id == case.id).order_by(Letter.at, Letter.id)).all()
    answered: dict[str, datetime] = {}
    for row in rows:
        if row.answers:
            answered.setdefault(row.answers, row.at)
    return [Told(row, text_of(tools, case, row), answered.get(row.id)) for row in rows]


def unread(session: Session, case_ids: Collection[str]) -> dict[str, int]:
    """How many letters of these cases, or of cases that are part of them, nobody has seen to, by case."""
    query = select(Case).join(Letter, Letter.case_id == Case.id).where(*_UNREAD)
    found: dict[str, int] = {}
    for case in session.scalars(query.where(or_(Case.id.in_(case_ids), Case.merged_into.is_not(None)))):
        for each in wholes(session, case):
            if each.id in case_ids:
                found[each.id] = found.get(each.id, 0) + 1
    return found


def unread_cases() -> Select[tuple[str]]:
    """Ids of the cases with letters that nobody has seen to, and of those that they are part of."""
    own = select(Letter.case_id.label("id")).where(*_UNREAD).cte("unread", recursive=True)
    whole = select(Case.merged_into).join(own, Case.id == own.c.id).where(Case.merged_into.is_not(None))
    return select(own.union(whole).c.id)


def text_of(tools: Tools, case: Case, row: Letter) -> str | None:
    if case.content_key is None or row.text is None:
        return None
    return open_text(key_of(tools.room.keys, case), row.text, f"letter {row.id}")


def by_message(session: Session, case_id: str, message_id: str | None) -> Letter | None:
    """The letter of this case that went out with that message."""
    return session.scalar(select(Letter).where(Letter.case_id == case_id, Letter.message_id == message_id))


def keep(work: Work, tools: Tools, case: Case, letter: Letter, text: str) -> None:
    """Puts a letter into the case, its words under the case's key."""
    letter.id, letter.case_id = random_id(), case.id
    letter.text = seal_text(key_of(tools.room.keys, case), text, f"letter {letter.id}")
    work.session.add(letter)
    work.session.flush()


def send(work: Work, tools: Tools, case: Case, author: str, kind: str, text: str, *, asks: bool = False) -> None:
    """Sends an officer's words to the family and keeps them. Nothing to say, or no way to say it: nothing is kept."""
    message_id = family.tell_words(work, case, text, asks=asks)
    if message_id:
        letter = Letter(
            way="out", kind=kind, photos=0, asks=asks, message_id=message_id, author=author, at=work.now,
        )  # fmt: skip
        keep(work, tools, case, letter, text.strip())


def settle(work: Work, actor: Actor, case_id: str, kind: str) -> None:
    """Marks the family's letters of a kind as seen to: what they asked for has been done."""
    for row in unread_rows(work.session, case_id):
        if row.kind == kind:
            row.read_at, row.read_by = work.now, actor.id


def forget(work: Work, case_id: str) -> None:
    """The case is erased: so are its letters."""
    for row in work.session.scalars(select(Letter).where(Letter.case_id == case_id)):
        row.text = None
        row.read_at = row.read_at or work.now


def unread_rows(session: Session, case_id: str) -> Sequence[Letter]:
    """The family's letters that nobody has seen to."""
    query = select(Letter).where(Letter.case_id == case_id, *_UNREAD)
    return session.scalars(query).all()
