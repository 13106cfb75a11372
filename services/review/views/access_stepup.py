"""A decision whose second factor is stale asks for it again, and loses nothing of what was typed.

The page that asks carries every field of the form that was sent, and sends it anew to the same address together with
the factor. The guard looks at the factor first, and then lets the form through to where it was going.
"""

from collections.abc import Sequence

from flask import Response, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.review import words
from services.review.base import db
from services.review.people import entry, factors, passkeys
from services.review.people.rules import FactorNeeded
from services.review.views import access_identity
from services.review.views.context import tools
from services.review.views.cookies import keep, paused
from shared.errors import NotAllowed
from shared.http import Problem, wants_json
from shared.problems import render

CODE, PASSKEY = "factor.code", "factor.passkey"
_OWN = (CODE, PASSKEY, "act")


def ask(_needed: FactorNeeded) -> ResponseReturnValue:
    """The answer to an act that needs a fresh factor (an error handler of the app)."""
    return _answer("")


def shown() -> ResponseReturnValue | None:
    """Takes the factor that came with a form, if one did. None: the request goes on, fresh; else the page that asks
    again. To read that page in the other language is not to send the form."""
    if request.method != "POST" or request.path.startswith(access_identity.JSON):
        return None
    code, passkey = request.form.get(CODE, "").strip(), request.form.get(PASSKEY, "")
    if not (code or passkey) or request.form.get("act") == "language":
        return None
    try:
        token = take(code, passkey)
    except (NotAllowed, Problem) as refusal:
        return _answer(refusal.detail if isinstance(refusal, Problem) else words.reason(refusal.reason))
    g.identity = access_identity.by_cookie(token)
    g.officer = g.identity.actor
    g.new_token = token
    return None


def take(code: str, passkey: str) -> str:
    """Shows a factor for the log-in that asks; answers its new token. Raises NotAllowed, Problem (429)."""
    found = g.identity
    with paused(f"factor of {found.officer_id}", ""):
        if passkey:
            return entry.show_passkey(tools(), found.token, passkey)
        return entry.show_code(tools(), found.token, code[:100])


def carry(response: Response) -> Response:
    """After each request: the cookie of a log-in that was renewed on the way."""
    token = g.pop("new_token", None)
    return keep(response, token) if token else response


def _answer(wrong: str) -> ResponseReturnValue:
    if wants_json():
        detail = gettext("This decision needs your second factor. Show it again and repeat the request.")
        return render(Problem(403, gettext("Please confirm that it is you"), detail, reason="factor_needed"))
    sent = request.form if request.method == "POST" else {}
    fields: Sequence[tuple[str, str]] = [
        (name, value) for name, values in (sent.lists() if sent else ()) for value in values if name not in _OWN
    ]
    officer_id = g.identity.officer_id
    known = factors.of_officer(db.session(), officer_id)
    if request.method == "POST":
        action = request.full_path.rstrip("?")
    else:
        action, fields = url_for("factor.confirm"), [("next", request.full_path.rstrip("?"))]
    page = render_template(
        "review/stepup.html", fault=wrong, fields=fields, action=action, kinds={item.kind for item in known},
        named=passkeys.host(tools().room.settings) is not None,
    )  # fmt: skip
    return make_response(page, 403)
