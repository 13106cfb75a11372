"""The report's steps: each is saved as it is left, and never over what another window wrote meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from services.ingest import drafts, drawer, steps
from services.ingest.draftkey import DraftKey
from services.ingest.drafts import Draft, Gone
from services.ingest.steps import Step
from services.ingest.views import draftpass, placing
from services.ingest.views.context import tools
from services.ingest.views.draftpages import (
    Fields,
    faults,
    form_of,
    gone,
    opened,
    page,
    photo_fields,
    photo_ids,
    refuse_other,
)
from services.ingest.views.gallery import previews
from services.ingest.views.paper import regions_for
from services.ingest.views.placing import LAST_SEEN
from services.ingest.views.uploads import BadFile, files, put_aside
from services.ingest.views.written import faults_by_field
from services.ingest.words import photo_fault_text

pages = Blueprint("step", __name__)
_ADDRESS = f"/report/<any({', '.join(map(repr, steps.NAMES))}):name>"
_ACTS = ("leave", "photos", "place", "language")
"""What a step's form may ask besides to go on."""


@dataclass(frozen=True)
class Shown:
    """What a step's page shows: its fields' texts, what is wrong, and what another window saved meanwhile."""

    fields: Fields
    faults: Sequence[Any] = ()
    bad: Sequence[BadFile] = ()
    theirs: Fields | None = None


@pages.get(_ADDRESS)
def show(name: str) -> ResponseReturnValue:
    step = steps.step(name)
    if name == steps.NAMES[0] and draftpass.current() is None:
        return _page(step, None, None, Shown({}))
    found = opened()
    if isinstance(found, Response):
        return found
    key, draft = found
    return _page(step, key, draft, Shown(draft.steps.get(name, {})))


@pages.post(_ADDRESS)
def keep(name: str) -> ResponseReturnValue:
    """Keeps what was written, then goes on, or shows what is to mend."""
    step, key, room = steps.step(name), draftpass.current(), tools().room
    draft = drafts.load(key, room) if key else None
    if key and draft is None:
        return gone(key)
    if key:
        refuse_other(key, request.form.get("draft", ""))
    if key is None and (name != steps.NAMES[0] or request.form.get("draft")):
        return gone(None)
    if _act() == "language":
        return _page(step, key, draft, Shown(_fields(step, key)))
    if key is None or draft is None:
        return _first(step)
    return _save(step, key)


def _first(step: Step) -> ResponseReturnValue:
    """The first step is what makes a draft: before it is right, nothing is kept and no code given."""
    fields = _fields(step, None)
    wrong = steps.faults_on(step, faults(fields, []))
    if wrong and _act() != "leave":
        return _page(step, None, None, Shown(fields, wrong)), 422
    key = drafts.start(step.name, _short(fields), tools().room)
    answer = redirect(url_for("code.show", left=1 if _act() == "leave" else None), 303)
    return draftpass.give(answer, key)


def _save(step: Step, key: DraftKey) -> ResponseReturnValue:
    room = tools().room
    bad: list[BadFile] = []
    if step.name == "photos":
        drawer.discard(key, request.form.getlist("remove"), room)
        bad = put_aside(key, "report", tools(), drafts.lifetime(room), steps.MOST_PHOTOS)
    mine, seen = _fields(step, key), request.form.get("seen", "0")
    clash: list[Fields] = []

    def change(draft: Draft) -> Fields | None:
        there = draft.steps.get(step.name, {})
        if there == mine:
            return None
        if str(draft.revision_of(step.name)) != seen:
            clash.append(there)
            return None
        return _short(mine)

    try:
        draft = drafts.save(key, step.name, change, room)
    except Gone:
        return gone(key)
    if clash:
        return _page(step, key, draft, Shown(mine, theirs=clash[0])), 409
    return _next(step, key, draft, Shown(mine, _wrong(step, key, draft, mine), bad))


def _wrong(step: Step, key: DraftKey, draft: Draft, mine: Fields) -> Sequence[Any]:
    if _act() in _ACTS:
        return ()
    return steps.faults_on(step, faults(draft.written | dict(mine), photo_ids(key)))


def _next(step: Step, key: DraftKey, draft: Draft, shown: Shown) -> ResponseReturnValue:
    back = request.form.get("back") == "review"
    if shown.bad or shown.faults:
        return _page(step, key, draft, shown), 422
    if _act() == "leave":
        return redirect(url_for("code.show", left=1), 303)
    if _act() == "place" and not placing.asked():
        return _page(step, key, draft, shown)
    if _act() in _ACTS:
        place = {"photos": "photos-here", "place": "map"}[_act()]
        return redirect(url_for("step.show", name=step.name, back="review" if back else None, _anchor=place), 303)
    following = "review" if back else steps.after(step.name)
    if following == "review":
        return redirect(url_for("review.show"), 303)
    return redirect(url_for("step.show", name=following), 303)


def _act() -> str:
    """What was asked. Who sends photos along is shown first what we see in them."""
    act = request.form.get("act", "")
    if act in _ACTS:
        return act
    if placing.asked():
        return "place"
    return "photos" if "use" in request.form or files() else act


def _fields(step: Step, key: DraftKey | None) -> dict[str, str]:
    """The step's fields as they were posted; of photos only those that are here."""
    names = step.fields or photo_fields(request.form, photo_ids(key))
    fields = {name: request.form[name] for name in names if request.form.get(name, "").strip()}
    return placing.applied(fields, LAST_SEEN) if LAST_SEEN.view in step.fields else fields | _suggested(key)


def _suggested(key: DraftKey | None) -> dict[str, str]:
    """The day that a photo's file names, if its sender says to use it."""
    id_ = request.form.get("use", "")
    photo = drawer.look(key, tools().room).get(id_) if key and id_ else None
    return {f"photo.{id_}.taken": photo.origin.day.isoformat()} if photo and photo.origin.day else {}


def _short(fields: Fields) -> Fields:
    """What is kept: a text of a whole book is shown back with its fault, and not stored."""
    return {name: text for name, text in fields.items() if len(text) <= steps.LONGEST}


def _page(step: Step, key: DraftKey | None, draft: Draft | None, shown: Shown) -> str:
    room, written, ids = tools().room, form_of(shown.fields), photo_ids(key)
    errors = faults_by_field(shown.faults, written, ids)
    if shown.bad:
        errors = {"photos": "\n".join(photo_fault_text(file.name, file.fault) for file in shown.bad)} | errors
    kept = drawer.look(key, room) if key and step.name == "photos" else {}
    return page(
        step.name,
        key,
        draft,
        step=step.name,
        number=steps.NAMES.index(step.name) + 1,
        previous=steps.before(step.name),
        seen=draft.revision_of(step.name) if draft else 0,
        back=request.values.get("back", ""),
        written=written,
        errors=errors,
        theirs=shown.theirs,
        photos=previews(kept, written),
        regions=regions_for(written, errors),
        map=placing.tap_map(dict(shown.fields), LAST_SEEN, errors) if LAST_SEEN.view in step.fields else None,
        most=steps.MOST_PHOTOS,
    )
