"""An officer's saved views of the queue. They keep filters and no words, which may be somebody's name."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.acting import about
from services.review.cases.models import SavedView
from services.review.cases.queue import Filters, tidied
from services.review.people.rules import Actor
from services.review.tools import Tools
from shared.bus import Work
from shared.errors import NotAllowed
from shared.keys import random_id

MOST = 12
LONGEST_NAME = 60


def mine(session: Session, actor: Actor) -> Sequence[SavedView]:
    """The actor's views, by name."""
    return session.scalars(select(SavedView).where(SavedView.officer == actor.id).order_by(SavedView.name)).all()


def filters_of(view: SavedView) -> Filters:
    return tidied(Filters(**view.filters))


@about("person", "view.save")
def save(work: Work, _tools: Tools, actor: Actor, _officer: str, name: str, filters: Filters) -> str:
    """Keeps filters under a name, in place of those that it had; answers the view's id.

    Raises NotAllowed: "name_missing", "name_too_long", "too_many_views".
    """
    name = name.strip()
    if not name:
        raise NotAllowed("name_missing", "a view needs a name")
    if len(name) > LONGEST_NAME:
        raise NotAllowed("name_too_long", f"at most {LONGEST_NAME} characters")
    others = {view.name: view for view in mine(work.session, actor)}
    if name not in others and len(others) >= MOST:
        raise NotAllowed("too_many_views", f"at most {MOST}")
    kept = {key: value for key, value in asdict(replace(tidied(filters), words="")).items() if value}
    view = others.get(name) or SavedView(id=random_id(), officer=actor.id, name=name, made_at=work.now)
    view.filters = kept
    work.session.add(view)
    return view.id


@about("person", "view.remove")
def remove(work: Work, _tools: Tools, actor: Actor, _officer: str, view_id: str) -> None:
    """Raises NotAllowed("not_found"), also for another officer's."""
    view = work.session.get(SavedView, view_id)
    if view is None or view.officer != actor.id:
        raise NotAllowed("not_found", "no such view")
    work.session.delete(view)
