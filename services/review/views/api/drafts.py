"""Alerts before they are published: written by one officer, approved by another."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.drafts import acts, approval, rules, store
from services.review.drafts.schemas import FIELDS
from services.review.views import reading, shapes
from services.review.views.access import needs, officer
from services.review.views.api.answers.drafts import DraftFull, Drafts
from services.review.views.api.asked import DraftStates, Read
from services.review.views.bodies import Approval, Extension, Reason, body, members
from services.review.views.context import tools
from shared.openapi import operation

WRITTEN = type(FIELDS)(exclude=("seen",))
"""What an officer may write into a draft; where the child was seen comes from a confirmed sighting."""

pages = Blueprint("api_drafts", __name__)


@pages.get("/drafts")
@needs("case.read")
@operation("List alerts", gives=Drafts, asks=DraftStates)
def listed() -> Response:
    states = [state for state in request.args.getlist("state") if state in rules.TABLE] or None
    rows = store.on_desk(db.session(), officer(), states)
    return jsonify(drafts=[shapes.draft_line(row) for row in rows])


@pages.post("/cases/<id:case_id>/drafts")
@needs("draft.write")
@operation("Draft an alert for a case", takes=WRITTEN, gives=DraftFull, status=201)
def create(case_id: str) -> ResponseReturnValue:
    """Without fields the draft is filled in from the case."""
    return one(perform(tools(), acts.create_draft, officer(), case_id, members())), 201


@pages.get("/drafts/<id:draft_id>")
@needs("case.read")
@operation("Read a version of an alert", gives=DraftFull)
def read(draft_id: str) -> Response:
    return one(draft_id)


@pages.put("/drafts/<id:draft_id>")
@needs("draft.write")
@operation("Write into a draft", takes=WRITTEN, gives=DraftFull, asks=Read)
def edit(draft_id: str) -> Response:
    """Replaces the fields that are sent."""
    return _done(draft_id, acts.edit_draft, members(), request.args.get("revision", type=int))


@pages.post("/drafts/<id:draft_id>/submit")
@needs("draft.write")
@operation("Put a draft before another officer", gives=DraftFull)
def submit(draft_id: str) -> Response:
    return _done(draft_id, acts.submit_draft)


@pages.post("/drafts/<id:draft_id>/approve")
@needs("draft.approve")
@operation("Approve and publish what another officer wrote", takes=Approval, gives=DraftFull)
def approve(draft_id: str) -> Response:
    sent = body(Approval)
    return _done(draft_id, approval.approve, sent.revision, sent.word)


@pages.post("/drafts/<id:draft_id>/return")
@needs("draft.approve")
@operation("Return a draft to its writers", takes=Reason, gives=DraftFull)
def give_back(draft_id: str) -> Response:
    return _done(draft_id, acts.return_draft, body(Reason).reason)


@pages.post("/drafts/<id:draft_id>/reject")
@needs("draft.approve")
@operation("Reject a draft", takes=Reason, gives=DraftFull)
def reject(draft_id: str) -> Response:
    return _done(draft_id, acts.reject_draft, body(Reason).reason)


@pages.post("/drafts/<id:draft_id>/amend")
@needs("draft.write")
@operation("Begin the next version of a live alert", gives=DraftFull, status=201)
def amend(draft_id: str) -> ResponseReturnValue:
    """Begins the next version and answers with it."""
    return one(perform(tools(), acts.amend, officer(), draft_id)), 201


@pages.post("/drafts/<id:draft_id>/extend")
@needs("draft.write")
@operation("Ask for a later end of a live alert", takes=Extension, gives=DraftFull, status=201)
def extend(draft_id: str) -> ResponseReturnValue:
    """Puts a version with a later end before another officer and answers with it."""
    return one(perform(tools(), acts.extend, officer(), draft_id, body(Extension).hours)), 201


@pages.post("/drafts/<id:draft_id>/cancel")
@needs("draft.cancel")
@operation("Cancel a live alert", takes=Reason, gives=DraftFull)
def cancel(draft_id: str) -> Response:
    return _done(draft_id, approval.cancel, body(Reason).reason)


def one(draft_id: str) -> Response:
    return jsonify(shapes.draft(reading.draft(draft_id)))


def _done(draft_id: str, act: Callable[..., None], *given: Any) -> Response:
    perform(tools(), act, officer(), draft_id, *given)
    return one(draft_id)
