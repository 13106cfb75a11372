"""A rule's refusal as an answer: 403, 404 or 409, with its reason in a calm sentence."""

from flask import Response
from flask_babel import gettext

from services.review import words
from shared.errors import BlobMissing, NotAllowed
from shared.problems import Problem, render

_STATUS = {
    "not_permitted": 403, "person_needed": 403, "not_found": 404, "not_logged_in": 401, "wrong_name_or_password": 401,
    "factor_missing": 401, "wrong_code": 401,
}  # fmt: skip


def status_of(refusal: NotAllowed) -> int:
    return _STATUS.get(refusal.reason, 409)


def sentences(refusal: NotAllowed) -> list[str]:
    """Every reason of a refusal in words; where it names several conditions or fields, all of them."""
    codes = [code.strip() for code in refusal.detail.split(",")]
    if refusal.reason == "incomplete":
        lacking = [words.draft_field(code) for code in codes if code]
        return [words.reason("incomplete"), *(gettext("Missing: %(field)s", field=field) for field in lacking)]
    if refusal.reason in codes:
        return [words.reason(code) for code in codes]
    return [words.reason(refusal.reason)]


def lost(_: BlobMissing) -> Response:
    """A photo that is not in the store."""
    detail = gettext("It is being erased, or the store has lost it. The operator can tell.")
    return render(Problem(404, gettext("The photo is not in the store"), detail, reason="not_in_store"))


def answer(refusal: NotAllowed) -> Response:
    """problem+json for a program, a page for a person."""
    said = sentences(refusal)
    errors = [{"detail": sentence} for sentence in said] if len(said) > 1 else []
    title = {
        401: gettext("Please log in"),
        403: gettext("You have no rights to this"),
        404: gettext("There is nothing here"),
    }.get(status_of(refusal), gettext("This cannot be done now"))
    return render(Problem(status_of(refusal), title, said[0], errors, reason=refusal.reason))
