"""Numbers for the changes of a table, in the order in which they are committed: without gaps, on both databases."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def head(session: Session, counter: Any) -> int:
    """The newest change's number in the one-row table of the model `counter` (`id`, `seq`); 0 before the first."""
    return session.scalar(select(counter.seq)) or 0


def next_number(session: Session, counter: Any) -> int:
    """A new change's number. On PostgreSQL, others who take one wait here until this transaction ends: so whoever
    has read up to a number has missed none below it (a sequence would be handed out in another order than it is
    committed)."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(counter).values(id=1, seq=1)
    taken = first.on_conflict_do_update(index_elements=["id"], set_={"seq": counter.seq + 1})
    return int(session.execute(taken.returning(counter.seq)).scalar_one())
