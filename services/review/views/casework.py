"""How officers work on a case together: who holds it, its legal hold, its yearly review, photos that come later; and
each officer's saved views of the queue."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.cases import claiming, ending, reviewing, saved, scribing
from services.review.cases.queue import Filters
from services.review.views import cases, filters, report_form
from services.review.views.access import needs, officer
from services.review.views.context import tools
from services.review.views.trying import Trouble, attempt

pages = Blueprint("casework", __name__)


@pages.post("/cases/<id:case_id>/claim")
@needs("case.check")
def claim(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "claimed", claiming.claim, request.form.get("claim_reason", ""))


@pages.post("/cases/<id:case_id>/release")
@needs("case.check")
def release(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "released", claiming.release)


@pages.post("/cases/<id:case_id>/hold")
@needs("case.erase")
def hold(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "held", ending.hold, request.form.get("hold_reason", ""))


@pages.post("/cases/<id:case_id>/lift-hold")
@needs("case.erase")
def lift_hold(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "lifted", ending.lift_hold, request.form.get("lift_reason", ""))


@pages.post("/cases/<id:case_id>/review")
@needs("case.register")
def review(case_id: str) -> ResponseReturnValue:
    return _act(case_id, "reviewed", reviewing.review, request.form.get("review_note", ""))


@pages.post("/cases/<id:case_id>/photos")
@needs("case.check")
def add_photo(case_id: str) -> ResponseReturnValue:
    request.max_content_length = report_form.REQUEST_LIMIT

    def send() -> None:
        for picture in report_form.pictures(least=1):
            perform(tools(), scribing.add_photo, officer(), case_id, picture)

    return _attempt(case_id, "photographed", send)


@pages.post("/cases/views")
@needs("case.read")
def save_view() -> ResponseReturnValue:
    """Saves the filters in the address under a name."""
    wanted = filters.sent(request.form)
    return attempt(
        lambda: perform(tools(), saved.save, officer(), officer().id, request.form.get("name", ""), wanted),
        lambda _: url_for("cases.listed", **shown(wanted), done="saved"),
        lambda trouble: cases.queue_page(wanted, trouble),
    )


@pages.post("/cases/views/<id:view_id>/remove")
@needs("case.read")
def remove_view(view_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), saved.remove, officer(), officer().id, view_id),
        lambda _: url_for("cases.listed", done="removed"),
        lambda trouble: cases.queue_page(Filters(), trouble),
    )


@pages.app_template_global("queue_address")
def shown(wanted: Filters, **changes: Any) -> dict[str, Any]:
    """The filters, changed, as an address says them: what is as usual is left out."""
    usual = asdict(Filters())
    said = asdict(wanted) | changes
    return {name: value for name, value in said.items() if value and value != usual[name]}


def _act(case_id: str, done: str, act: Callable[..., Any], *given: Any) -> ResponseReturnValue:
    return _attempt(case_id, done, lambda: perform(tools(), act, officer(), case_id, *given))


def _attempt(case_id: str, done: str, act: Callable[[], Any]) -> ResponseReturnValue:
    def show(trouble: Trouble) -> str:
        return cases.show(case_id, trouble)

    return attempt(act, lambda _: url_for("cases.one", case_id=case_id, done=done), show)
