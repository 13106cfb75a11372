"""The faces in one photo: an officer marks those that are to be compared; the others are never looked at."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import marking
from services.review.acting import perform
from services.review.views import reading
from services.review.views.access import needs, officer
from services.review.views.context import tools
from services.review.views.trying import NONE, Trouble, attempt
from shared.errors import NotAllowed
from shared.messages import Point

pages = Blueprint("faces", __name__)


@pages.get("/photos/<id:photo_id>")
@needs("photo.read")
def one(photo_id: str) -> str:
    return _page(photo_id)


@pages.post("/photos/<id:photo_id>/faces")
@needs("photo.mark")
def mark(photo_id: str) -> ResponseReturnValue:
    return attempt(
        lambda: perform(tools(), marking.mark, officer(), photo_id, _points(), _age()),
        lambda _: url_for("faces.one", photo_id=photo_id, done="marked"),
        lambda trouble: _page(photo_id, trouble),
    )


def _page(photo_id: str, trouble: Trouble = NONE) -> str:
    return render_template(
        "review/faces.html", read=reading.photo(photo_id), trouble=trouble, form=request.form,
        done=request.args.get("done", ""),
    )  # fmt: skip


def _points() -> list[Point]:
    try:
        pairs = [tuple(float(part) for part in text.split(",")) for text in request.form.getlist("face")]
        return [(x, y) for x, y in pairs]
    except ValueError as error:
        raise NotAllowed("no_face_there", "a mark is no point") from error


def _age() -> float | None:
    written = request.form.get("age", "").strip().replace(",", ".")
    try:
        return float(written) if written else None
    except ValueError as error:
        raise NotAllowed("bad_age", f"{written[:20]!r} is no age") from error
