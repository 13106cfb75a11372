"""Likely duplicates: two cases side by side, merged or declared distinct, and both undone; faces through the gate."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.cases import face_check, merging, pairs, store
from services.review.cases.queue import Line
from services.review.people import store as people
from services.review.people.rules import may
from services.review.subjects import Subject
from services.review.views import alike, audit_reads, cases
from services.review.views.access import needs, officer
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt
from services.review.words import reason
from shared.errors import NotAllowed

pages = Blueprint("duplicates", __name__)


@pages.app_context_processor
def _alike() -> dict[str, Any]:
    """For the page of a case, and for the list of cases."""
    return {"alike_of": alike.of, "perhaps_twice": _marked}


def _marked(lines: list[Line]) -> set[str]:
    return pairs.marked(db.session(), [line.case.id for line in lines])


@pages.get("/cases/<id:case_id>/beside")
@needs("case.read")
def find(case_id: str) -> ResponseReturnValue:
    """Leads to the comparison with the case of a number."""
    other = store.by_number(db.session(), request.args.get("number", "")[:40])
    if other is None or not may(officer(), "case.read", other.region, other.id):
        return cases.show(case_id, Trouble(said=[reason("no_such_number")]))
    if other.id == case_id:
        return cases.show(case_id, Trouble(said=[reason("same_case")]))
    return redirect(url_for("duplicates.beside", case_id=case_id, other_id=other.id))


@pages.get("/cases/<id:case_id>/beside/<id:other_id>")
@needs("case.read")
def beside(case_id: str, other_id: str) -> str:
    audit_reads.also(Subject("case", other_id))
    return _page(case_id, other_id)


@pages.post("/cases/<id:case_id>/beside/<id:other_id>/distinct")
@needs("case.check")
def distinct(case_id: str, other_id: str) -> ResponseReturnValue:
    form = request.form
    given = (other_id, form.get("distinct_reason", ""), form.get("seen"))
    return _act(case_id, other_id, "distinct", merging.declare_distinct, case_id, *given)


@pages.post("/cases/<id:case_id>/beside/<id:other_id>/doubt")
@needs("case.check")
def doubt(case_id: str, other_id: str) -> ResponseReturnValue:
    why = request.form.get("doubt_reason", "")
    return _act(case_id, other_id, "doubted", merging.doubt_again, case_id, other_id, why)


@pages.post("/cases/<id:case_id>/beside/<id:other_id>/merge")
@needs("case.merge")
def merge(case_id: str, other_id: str) -> ResponseReturnValue:
    """`keep` is the id of the case that is kept, for the reason at that choice; the other one becomes part of it."""
    form = request.form
    kept = other_id if form.get("keep") == other_id else case_id
    gone = case_id if kept == other_id else other_id
    given = (kept, form.get(f"merge_reason_{kept}", ""), form.get("seen"))
    return _act(case_id, other_id, "merged", merging.merge, gone, *given, leads_to=kept)


@pages.post("/cases/<id:case_id>/unmerge")
@needs("case.merge")
def unmerge(case_id: str) -> ResponseReturnValue:
    return _on_case(case_id, "unmerged", merging.unmerge, request.form.get("unmerge_reason", ""))


@pages.post("/cases/<id:case_id>/compare-faces")
@needs("photo.search")
def faces(case_id: str) -> ResponseReturnValue:
    return _on_case(case_id, "faces", face_check.ask)


def _act(
    case_id: str, other_id: str, done: str, act: Callable[..., Any], *given: Any, leads_to: str | None = None
) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), act, officer(), *given),
        lambda _: url_for("cases.one", case_id=leads_to or case_id, done=done, _anchor="alike"),
        lambda trouble: _page(case_id, other_id, trouble),
    )


def _on_case(case_id: str, done: str, act: Callable[..., Any], *given: Any) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), act, officer(), case_id, *given),
        lambda _: url_for("cases.one", case_id=case_id, done=done, _anchor="alike"),
        lambda trouble: cases.show(case_id, trouble),
    )


def read(case_id: str, other_id: str) -> alike.Beside:
    """Two cases side by side. Raises NotAllowed: "same_case", "erased", and as `alike.beside`."""
    if case_id == other_id:
        raise NotAllowed("same_case", "it is the same case")
    found = alike.beside(case_id, other_id)
    if found is None:
        raise NotAllowed("erased", "one of the cases has been erased")
    return found


def _page(case_id: str, other_id: str, trouble: Trouble = NONE) -> str:
    return render_template(
        "review/alike_beside.html", read=read(case_id, other_id), trouble=trouble, form=request.form, now=now(),
        names=people.names(db.session()), done=request.args.get("done", ""),
    )  # fmt: skip
