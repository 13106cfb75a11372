"""Loads and saves sightings, probes, searches and candidates. Decisions are in opinions.py."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from services.review import rows
from services.review.candidates.models import Candidate, Search, Sighting
from services.review.candidates.schemas import SightingDetails, dumped, loaded
from services.review.cases.models import Case
from services.review.content import key_of, open_text, seal_text
from services.review.people.rules import Actor
from services.review.people.store import covered
from services.review.photo_models import Photo
from services.review.tools import Tools

MOST = 200
"""Rows of a list."""


def get(session: Session, candidate_id: str) -> Candidate:
    """Raises NotAllowed("not_found")."""
    return rows.found(session, Candidate, candidate_id, "candidate")


def locked(session: Session, candidate_id: str) -> Candidate:
    """Like `get`, and nobody else changes it before this transaction ends."""
    return rows.locked(session, Candidate, candidate_id, "candidate")


def listed(session: Session, actor: Actor, states: Sequence[str] | None = None) -> Sequence[Candidate]:
    """Candidates in any of `states` (None: all) in the actor's jurisdiction, newest search first, then by rank."""
    query = select(Candidate).join(Case, Candidate.case_id == Case.id).where(covered(Case.region, actor))
    query = query.order_by(Candidate.made_at.desc(), Candidate.rank).limit(MOST)
    return session.scalars(query if states is None else query.where(Candidate.state.in_(states))).all()


def of_search(session: Session, search_id: str) -> Sequence[Candidate]:
    query = select(Candidate).where(Candidate.search_id == search_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def others_of_search(session: Session, candidate: Candidate) -> Sequence[tuple[Candidate, Case]]:
    """The other candidates of the same search with their cases, by the matcher's rank."""
    query = select(Candidate, Case).join(Case, Candidate.case_id == Case.id)
    query = query.where(Candidate.search_id == candidate.search_id, Candidate.id != candidate.id)
    return [(row[0], row[1]) for row in session.execute(query.order_by(Candidate.rank))]


def of_case(session: Session, case_id: str) -> Sequence[Candidate]:
    return session.scalars(select(Candidate).where(Candidate.case_id == case_id)).all()


def of_sighting(session: Session, sighting_id: str) -> Sequence[Candidate]:
    query = select(Candidate).where(Candidate.sighting_id == sighting_id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def known_pair(session: Session, photo_id: str, case_key: str) -> bool:
    """Whether this photo already led to this registration of the case."""
    query = select(Candidate.id).where(Candidate.photo_id == photo_id, Candidate.case_key == case_key)
    return session.scalar(query) is not None


def get_sighting(session: Session, sighting_id: str) -> Sighting:
    """Raises NotAllowed("not_found")."""
    return rows.found(session, Sighting, sighting_id, "sighting")


def locked_sighting(session: Session, sighting_id: str) -> Sighting:
    """Like `get_sighting`, and nobody else decides on what it led to before this transaction ends: of two who decide
    the last candidates at once, one must see that all are decided. Lock it before the record is written."""
    return rows.locked(session, Sighting, sighting_id, "sighting")


def owner_of(session: Session, photo: Photo) -> Sighting | None:
    """The sighting that a photo belongs to; None for a case's photo."""
    return session.get(Sighting, photo.sighting_id) if photo.sighting_id else None


def sightings(session: Session, actor: Actor) -> Sequence[Sighting]:
    """Sightings in the actor's jurisdiction that are not erased: those in danger first, then the newest."""
    query = select(Sighting).where(_kept(actor), Sighting.probed_by.is_(None))
    return session.scalars(query.order_by(Sighting.in_danger.desc(), Sighting.received_at.desc()).limit(MOST)).all()


def probes(session: Session, actor: Actor) -> Sequence[Sighting]:
    """Officers' probes in the actor's jurisdiction that are not erased, the newest first."""
    query = select(Sighting).where(_kept(actor), Sighting.probed_by.is_not(None))
    return session.scalars(query.order_by(Sighting.received_at.desc()).limit(MOST)).all()


def _kept(actor: Actor) -> ColumnElement[bool]:
    return and_(Sighting.content_key.is_not(None), covered(Sighting.region, actor))


def opened(tools: Tools, sighting: Sighting) -> SightingDetails | None:
    """The personal part of a sighting; None once it is erased."""
    if sighting.content_key is None or sighting.details is None:
        return None
    key = key_of(tools.room.keys, sighting)
    return loaded(open_text(key, sighting.details, f"sighting {sighting.id} details"))


def save_details(tools: Tools, sighting: Sighting, details: SightingDetails) -> None:
    key = key_of(tools.room.keys, sighting)
    sighting.details = seal_text(key, dumped(details), f"sighting {sighting.id} details")


def due_for_erasure(session: Session, now: datetime) -> Sequence[str]:
    """Ids of sightings whose time is over."""
    query = select(Sighting.id).where(Sighting.content_key.is_not(None), Sighting.expires_at < now)
    return session.scalars(query).all()


def waiting_photos(session: Session, region: str | None, now: datetime) -> Sequence[tuple[str, str | None]]:
    """Photos of sightings and probes in the same country that led to nobody yet and are still kept, each with the
    officer whose probe it is. One whose face is still to be chosen is not among them."""
    country = (region or "").split("-")[0]
    if not country:
        return ()
    near = (Sighting.region == country) | Sighting.region.startswith(f"{country}-")
    asked = select(Search.id).where(Search.photo_id == Photo.id).exists()
    query = select(Photo.id, Sighting.probed_by).join(Sighting, Photo.sighting_id == Sighting.id)
    query = query.where(near, Sighting.expires_at > now, Sighting.probed_by.is_(None) | asked)
    return [(row.id, row.probed_by) for row in session.execute(query)]


def get_search(session: Session, search_id: str) -> Search | None:
    return session.get(Search, search_id)


def searches_of(session: Session, sighting_id: str) -> Sequence[Search]:
    """All searches of a sighting's photos."""
    query = select(Search).join(Photo, Search.photo_id == Photo.id)
    return session.scalars(query.where(Photo.sighting_id == sighting_id)).all()


def refusals(session: Session, photo_id: str) -> int:
    """How often the matcher refused a search of this photo since the last one that it completed."""
    done = select(func.max(Search.asked_at)).where(
        Search.photo_id == photo_id, Search.state.in_(("completed", "closed"))
    )
    query = select(func.count()).where(Search.photo_id == photo_id, Search.state == "refused")
    last = session.scalar(done)
    return session.scalar(query if last is None else query.where(Search.asked_at > last)) or 0


def searches_since(session: Session, region: str | None, since: datetime) -> int:
    """How many searches the gate granted for sightings in `region` since then."""
    query = select(func.count()).select_from(Search).where(Search.asked_at >= since)
    return session.scalar(query.where(Search.region == region)) or 0


def searches_by(session: Session, actor: str, since: datetime) -> int:
    """How many searches the gate granted to an officer since then."""
    query = select(func.count()).select_from(Search).where(Search.asked_at >= since)
    return session.scalar(query.where(Search.actor == actor)) or 0
