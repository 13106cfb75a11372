"""A row of the room's by its id, or the refusal that there is none: what every store begins with."""

from typing import TypeVar

from sqlalchemy.orm import Session

from shared.errors import NotAllowed

Row = TypeVar("Row")


def found(session: Session, table: type[Row], id_: str, what: str) -> Row:
    """Raises NotAllowed("not_found"), which names `what` was looked for."""
    row = session.get(table, id_)
    if row is None:
        raise NotAllowed("not_found", f"no {what} {id_}")
    return row


def locked(session: Session, table: type[Row], id_: str, what: str) -> Row:
    """Like `found`, and nobody else changes the row before this transaction ends."""
    session.get(table, id_, with_for_update=True, populate_existing=True)
    return found(session, table, id_, what)
