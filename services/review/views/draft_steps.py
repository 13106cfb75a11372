"""What is done with a version: approved, returned or rejected by another; amended, extended or cancelled.

Amending, extending and cancelling each have a page (GET) that names the consequence, and one button on it (POST).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import allow, perform
from services.review.drafts import acts, approval, rules
from services.review.views import reading
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.drafts import page, pages, status
from services.review.views.look import region
from services.review.views.paper import field_of
from services.review.views.trying import NONE, Trouble, attempt
from shared.language import language

_RIGHTS = {"amend": "draft.write", "extend": "draft.write", "cancel": "draft.cancel"}


@pages.post("/drafts/<id:draft_id>/approve")
@needs("draft.approve")
def approve(draft_id: str) -> ResponseReturnValue:
    revision, word = request.form.get("revision", type=int), request.form.get("word", "")
    return _act(draft_id, "approved", approval.approve, revision, word)


@pages.post("/drafts/<id:draft_id>/return")
@needs("draft.approve")
def give_back(draft_id: str) -> ResponseReturnValue:
    return _act(draft_id, "returned", acts.return_draft, request.form.get("return_reason", ""))


@pages.post("/drafts/<id:draft_id>/reject")
@needs("draft.approve")
def reject(draft_id: str) -> ResponseReturnValue:
    return _act(draft_id, "rejected", acts.reject_draft, request.form.get("reject_reason", ""))


@pages.get("/drafts/<id:draft_id>/cancel")
@needs("draft.cancel")
def ask_cancel(draft_id: str) -> str:
    return _question(draft_id, "cancel")


@pages.post("/drafts/<id:draft_id>/cancel")
@needs("draft.cancel")
def cancel(draft_id: str) -> ResponseReturnValue:
    reason = request.form.get("cancel_reason", "")
    return _confirmed(draft_id, "cancel", "cancelled", lambda: _do(approval.cancel, draft_id, reason) or draft_id)


@pages.get("/drafts/<id:draft_id>/amend")
@needs("draft.write")
def ask_amend(draft_id: str) -> str:
    return _question(draft_id, "amend")


@pages.post("/drafts/<id:draft_id>/amend")
@needs("draft.write")
def amend(draft_id: str) -> ResponseReturnValue:
    return _confirmed(draft_id, "amend", "amending", lambda: _do(acts.amend, draft_id))


@pages.get("/drafts/<id:draft_id>/extend")
@needs("draft.write")
def ask_extend(draft_id: str) -> str:
    return _question(draft_id, "extend")


@pages.post("/drafts/<id:draft_id>/extend")
@needs("draft.write")
def extend(draft_id: str) -> ResponseReturnValue:
    hours = request.form.get("hours", 0, type=int)
    hours = hours if hours in rules.EXTENSION_HOURS else rules.EXTENSION_HOURS[0]
    return _confirmed(draft_id, "extend", "submitted", lambda: _do(acts.extend, draft_id, hours))


def _question(draft_id: str, act: str, trouble: Trouble = NONE) -> str:
    """The page that names the consequence before it happens."""
    read = reading.draft(draft_id)
    allow(officer(), _RIGHTS[act], read.case.region, read.case.id)
    return render_template(
        "review/draft_question.html", read=read, draft=read.row, case=read.case, fields=read.fields, act=act,
        trouble=trouble, form=request.form, status=status(read), possible=act in rules.acts(read.row.state),  # type: ignore[arg-type]
        regions=[region(code, language()) for code in read.fields.regions] if read.fields else [],
        ends=_ends(read),
    )  # fmt: skip


def _ends(read: reading.DraftRead) -> list[tuple[int, datetime]]:
    """The ends that extending can give: (hours, when), as far as the rules allow."""
    if read.fields is None or read.fields.expires is None:
        return []
    ends = [(hours, read.fields.expires + timedelta(hours=hours)) for hours in rules.EXTENSION_HOURS]
    return [(hours, end) for hours, end in ends if end <= now() + rules.LONGEST]


def _do(act: Callable[..., Any], draft_id: str, *given: Any) -> Any:
    return perform(tools(), act, officer(), draft_id, *given)


def _confirmed(draft_id: str, act: str, done: str, do: Callable[[], Any]) -> ResponseReturnValue:
    return attempt(
        do,
        lambda leads_to: url_for("drafts.one", draft_id=leads_to, done=done),
        lambda trouble: _question(draft_id, act, trouble),
    )


def _act(draft_id: str, done: str, act: Callable[..., Any], *given: Any) -> ResponseReturnValue:
    return attempt(
        lambda: _do(act, draft_id, *given),
        lambda _: url_for("drafts.one", draft_id=draft_id, done=done),
        lambda trouble: page(draft_id, trouble),
        partial(field_of, request.form),
    )
