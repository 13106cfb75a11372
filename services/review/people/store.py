"""Loads the people of the desk."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.review import rows
from services.review.people.models import Officer
from services.review.people.rules import ROLES, Actor


def get(session: Session, officer_id: str) -> Officer:
    """Raises NotAllowed("not_found")."""
    return rows.found(session, Officer, officer_id, "officer")


def locked(session: Session, officer_id: str) -> Officer:
    """Like `get`, and nobody else changes the account before this transaction ends."""
    return rows.locked(session, Officer, officer_id, "officer")


def by_agency(session: Session, agency: str) -> Officer | None:
    """The officer whom an agency vouches for as `agency` (issuer and subject)."""
    return session.scalar(select(Officer).where(Officer.agency == agency))


def is_in(officer: Officer) -> bool:
    """Whether the person has come in: there is a password, or an agency vouches."""
    return bool(officer.password or officer.agency)


def granters(session: Session) -> Sequence[Officer]:
    """Who may confirm a grant now."""
    active = session.scalars(select(Officer).where(Officer.disabled.is_(False))).all()
    return [row for row in active if is_in(row) and any("role.confirm" in ROLES.get(role, ()) for role in row.roles)]


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
    """The jurisdiction of `rules.may` as a condition on a column of regions; a case that is open for an hour is in."""
    own = [(column == region) | column.startswith(f"{region}-") for region in actor.regions]
    if "supervisor" in actor.roles:
        own.append(column.is_(None))
    if actor.cases and column.class_.__tablename__ == "cases":
        own.append(column.class_.id.in_(actor.cases))
    return or_(false(), *own)
