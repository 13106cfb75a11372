"""Letters between the desk and a family, on the case's page."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from services.review.acting import perform
from services.review.base import db
from services.review.cases import answering, correcting, letters
from services.review.cases.letter_models import Letter
from services.review.cases.models import Case
from services.review.people.store import covered
from services.review.views import cases
from services.review.views.access import needs, officer
from services.review.views.context import tools
from services.review.views.trying import Trouble, attempt

pages = Blueprint("letters", __name__)


@pages.post("/cases/<id:case_id>/letters")
@needs("case.return")
def write(case_id: str) -> ResponseReturnValue:
    asks = request.form.get("asks") == "yes"
    return _act(case_id, "written", answering.write, request.form.get("letter_text", ""), asks=asks)


@pages.post("/cases/<id:case_id>/letters/<id:letter_id>/read")
@needs("case.check")
def read(case_id: str, letter_id: str) -> ResponseReturnValue:
    return _act(case_id, "seen", answering.read, letter_id)


@pages.post("/cases/<id:case_id>/letters/<id:letter_id>/take-over")
@needs("case.check")
def take_over(case_id: str, letter_id: str) -> ResponseReturnValue:
    return _act(case_id, "corrected", answering.take_over, letter_id)


@pages.app_template_global("letters_of")
def letters_of(case: Case) -> list[letters.Told]:
    return letters.thread(db.session(), tools(), case)


@pages.app_template_global("can_be_taken")
def can_be_taken(letter: Letter) -> bool:
    """Whether a correction is one field of the report."""
    return letter.kind == "correction" and letter.taken_at is None and letter.fact in correcting.CAN_BE_TAKEN


@pages.app_template_global("unread_of")
def unread_of(case_ids: Sequence[str]) -> dict[str, int]:
    return letters.unread(db.session(), case_ids)


@pages.app_template_global("cases_with_letters")
def cases_with_letters() -> int:
    """How many cases of the officer's jurisdiction have letters that nobody has seen to, or a part that has."""
    query = select(func.count(Case.id)).where(Case.id.in_(letters.unread_cases()), covered(Case.region, officer()))
    return db.session.scalar(query) or 0


def _act(case_id: str, done: str, act: Callable[..., Any], *given: Any, **more: Any) -> ResponseReturnValue:
    def show(trouble: Trouble) -> str:
        return cases.show(case_id, trouble)

    def onward(_: Any) -> str:
        return url_for("cases.one", case_id=case_id, done=done) + "#letters"

    return attempt(lambda: perform(tools(), act, officer(), case_id, *given, **more), onward, show)
