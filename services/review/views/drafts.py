"""Alerts before they are published: the list, the editor with its preview, the second officer's approval."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import photos
from services.review.acting import allow, perform
from services.review.base import db
from services.review.cases import store as cases
from services.review.cases.rules import ENDED
from services.review.drafts import acts, approval, content, rules, store
from services.review.people import store as people
from services.review.views import reading
from services.review.views.access import needs, officer
from services.review.views.cases import show
from services.review.views.context import tools
from services.review.views.look import region
from services.review.views.paper import field_of, fields_of, map_of
from services.review.views.trying import NONE, Trouble, attempt
from shared.errors import NotAllowed
from shared.language import language

pages = Blueprint("drafts", __name__)

OPEN = ("draft", "pending", "returned", "live")


@pages.get("/drafts")
@needs("case.read")
def listed() -> str:
    state = request.args.get("state", "open")
    states = {"all": None, "open": OPEN}.get(state, (state,) if state in rules.TABLE else ())
    rows = store.on_desk(db.session(), officer(), states)
    lines = [(row, cases.get(db.session(), row.case_id), store.opened(db.session(), tools(), row)) for row in rows]
    return render_template("review/drafts.html", rows=lines, state=state, states=rules.TABLE)


@pages.post("/cases/<id:case_id>/drafts")
@needs("draft.write")
def create(case_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), acts.create_draft, officer(), case_id, {}),
        lambda draft_id: url_for("drafts.one", draft_id=draft_id),
        lambda trouble: show(case_id, trouble),
    )


@pages.get("/drafts/<id:draft_id>")
@needs("case.read")
def one(draft_id: str) -> str:
    return _page(draft_id)


@pages.get("/drafts/<id:draft_id>/photo")
@needs("photo.read")
def picture(draft_id: str) -> Response:
    """The photo exactly as it would be published: cropped, re-encoded."""
    read = reading.draft(draft_id)
    allow(officer(), "photo.read", read.case.region)
    if read.case.state in ENDED:
        raise NotAllowed("photo_locked", f"the case is {read.case.state}")
    found = content.picture(db.session(), tools(), read.case, read.fields) if read.fields else None
    if found is None:
        raise NotAllowed("not_found", "the draft has no photo")
    return Response(found.data, mimetype=found.media_type)


@pages.post("/drafts/<id:draft_id>")
@needs("draft.write")
def edit(draft_id: str) -> ResponseReturnValue:
    """Saves what is written; with the button `submit` it then goes before another officer."""
    given, revision = fields_of(request.form), request.form.get("revision", type=int)

    def save() -> None:
        perform(tools(), acts.edit_draft, officer(), draft_id, given, revision)
        if request.form.get("then") == "submit":
            perform(tools(), acts.submit_draft, officer(), draft_id)

    return _attempt(draft_id, "submitted" if request.form.get("then") == "submit" else "saved", save)


@pages.post("/drafts/<id:draft_id>/approve")
@needs("draft.approve")
def approve(draft_id: str) -> ResponseReturnValue:
    return _act(draft_id, "approved", approval.approve, request.form.get("revision", type=int))


@pages.post("/drafts/<id:draft_id>/return")
@needs("draft.approve")
def give_back(draft_id: str) -> ResponseReturnValue:
    return _act(draft_id, "returned", acts.return_draft, request.form.get("return_reason", ""))


@pages.post("/drafts/<id:draft_id>/reject")
@needs("draft.approve")
def reject(draft_id: str) -> ResponseReturnValue:
    return _act(draft_id, "rejected", acts.reject_draft, request.form.get("reject_reason", ""))


@pages.post("/drafts/<id:draft_id>/cancel")
@needs("draft.cancel")
def cancel(draft_id: str) -> ResponseReturnValue:
    return _act(draft_id, "cancelled", approval.cancel, request.form.get("cancel_reason", ""))


@pages.post("/drafts/<id:draft_id>/amend")
@needs("draft.write")
def amend(draft_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), acts.amend, officer(), draft_id),
        lambda new_id: url_for("drafts.one", draft_id=new_id),
        lambda trouble: _page(draft_id, trouble),
    )


def _act(draft_id: str, done: str, act: Callable[..., Any], *given: Any) -> ResponseReturnValue:
    return _attempt(draft_id, done, lambda: perform(tools(), act, officer(), draft_id, *given))


def _attempt(draft_id: str, done: str, act: Callable[[], Any]) -> ResponseReturnValue:
    return attempt(
        act,
        lambda _: url_for("drafts.one", draft_id=draft_id, done=done),
        lambda trouble: _page(draft_id, trouble),
        partial(field_of, request.form),
    )


def _page(draft_id: str, trouble: Trouble = NONE) -> str:
    read = reading.draft(draft_id)
    return render_template(
        "review/draft.html", read=read, draft=read.row, case=read.case, details=read.details, fields=read.fields,
        photos=photos.of_case(db.session(), read.case.id), names=people.names(db.session()), trouble=trouble,
        form=request.form, done=request.args.get("done", ""), map=map_of(read),
        age=reading.age_of(read.details) if read.details else None,
        regions=[region(code, language()) for code in read.fields.regions] if read.fields else [],
        acts=rules.acts(read.row.state),  # type: ignore[arg-type]
    )  # fmt: skip
