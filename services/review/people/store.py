"""Loads the people of the desk."""

from sqlalchemy.orm import Session

from services.review.people.models import Officer
from services.review.people.rules import Actor


def actor(session: Session, officer_id: str) -> Actor | None:
    """The officer as the rules see one, with the rights held now; None if unknown or disabled."""
    officer = session.get(Officer, officer_id)
    if officer is None or officer.disabled:
        return None
    return Actor(officer.id, officer.name, frozenset(officer.roles), tuple(officer.regions))
