"""Loads the people of the desk."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.review.people.models import Officer
from services.review.people.rules import Actor
from shared.errors import NotAllowed


def get(session: Session, officer_id: str) -> Officer:
    """Raises NotAllowed("not_found")."""
    officer = session.get(Officer, officer_id)
    if officer is None:
        raise NotAllowed("not_found", f"no officer {officer_id}")
    return officer


def by_name(session: Session, name: str) -> Officer | None:
    """The officer who logs in as `name`."""
    return session.scalar(select(Officer).where(Officer.name == name))


def everyone(session: Session) -> Sequence[Officer]:
    """Everybody, also those who were disabled, by name."""
    return session.scalars(select(Officer).order_by(Officer.name)).all()


def names(session: Session) -> dict[str, str]:
    """Each officer's name by id."""
    return {row.id: row.name for row in session.execute(select(Officer.id, Officer.name))}


def actor(session: Session, officer_id: str) -> Actor | None:
    """The officer as the rules see one, with the rights held now; None if unknown or disabled."""
    officer = session.get(Officer, officer_id)
    if officer is None or officer.disabled:
        return None
    return Actor(officer.id, officer.name, frozenset(officer.roles), tuple(officer.regions))


def covered(column: InstrumentedAttribute[str | None], actor: Actor) -> ColumnElement[bool]:
    """The jurisdiction of `rules.may` as a condition on a column of regions."""
    own = [(column == region) | column.startswith(f"{region}-") for region in actor.regions]
    if "supervisor" in actor.roles:
        own.append(column.is_(None))
    return or_(false(), *own)
