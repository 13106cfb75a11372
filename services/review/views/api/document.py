"""GET /api/v1/openapi.json, the desk's JSON described for programs; /api/v1/docs, the same for people."""

from flask import Blueprint, Response, current_app, jsonify, render_template

from services.review.people.rules import DECIDES, SCOPES
from services.review.views.access import ANY_OFFICER, PUBLIC, authorisation, public
from services.review.views.access_identity import cookie_name
from services.review.views.api.examples import EXAMPLES
from services.review.views.context import tools
from shared.openapi import About, Access, Json, untold
from shared.openapi_document import kept
from shared.openapi_page import prose, sections, shapes

pages = Blueprint("api_document", __name__)
pages.app_template_filter("prose")(prose)

_SAID = """The acts of the police desk for programs: the same as on its pages, with the same rights and refusals.

A program sends an officer's API token (`Authorization: Bearer …`), made under that officer's account with scopes and an
end. It reads and files, and never decides. A person's session begins at `POST /session`; a decision needs one whose
second factor was shown in the last ten minutes, else the answer is 403 with the reason `factor_needed`: show it at
`POST /session/factor` and repeat the request. Whatever is read of a person is in the record.

Every refusal is problem+json (RFC 9457)."""


@pages.get("/openapi.json")
@public
@untold
def described() -> Response:
    return jsonify(description())


@pages.get("/docs")
@public
@untold
def read() -> str:
    """The document as a page."""
    found = description()
    return render_template("review/api.html", document=found, sections=sections(found), shapes=shapes(found))


def access(endpoint: str, method: str) -> Access:
    """Who may call an endpoint, by its mark."""
    mark = authorisation(current_app, endpoint)  # type: ignore[arg-type]
    if mark is None or mark == PUBLIC:
        return Access([])
    session: dict[str, list[str]] = {"session": []}
    if mark == ANY_OFFICER:
        return Access([session], "For every officer, with a session.")
    if mark in DECIDES and method != "GET":
        return Access(
            [session], f"A decision ({mark}): a person's, with a second factor shown in the last ten minutes."
        )
    scopes = [scope for scope, acts in SCOPES.items() if mark in acts]
    if not scopes:
        return Access([session], f"For whose role has {mark}, with a session.")
    said = f"For whose role has {mark}: with a session, or a token of scope {scopes[0]}."
    return Access([session, {"token": scopes}], said)


def description() -> Json:
    return kept(current_app, _about, access)  # type: ignore[arg-type]


def _about() -> About:
    return About(
        title="Homeward, police desk", version="1", description=_SAID, prefix="/api/v1/", examples=EXAMPLES,
        server=tools().room.settings.public_url("review"),
        schemes={
            "session": {"type": "apiKey", "in": "cookie", "name": cookie_name()},
            "token": {"type": "http", "scheme": "bearer"},
        },
    )  # fmt: skip
