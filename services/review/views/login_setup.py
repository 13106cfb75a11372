"""Setting up a second factor: at the first log-in, where nothing else is open yet, and later from the account."""

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from services.review import words
from services.review.base import db
from services.review.people import account, factors, passkeys, sessions, store
from services.review.people.rules import FactorNeeded
from services.review.views.access import identity, inside, password_given
from services.review.views.context import now, tools
from services.review.views.cookies import keep, paused
from services.review.views.login_factor import remember
from shared.errors import NotAllowed
from shared.http import Problem

pages = Blueprint("setup", __name__, url_prefix="/account/second-factor")


@pages.before_request
def guard() -> ResponseReturnValue | None:
    """Who has a factor shows it before another is added: a password alone adds none."""
    found = identity()
    if found.officer_id is None or not factors.has_any(db.session(), found.officer_id):
        return None
    if found.half:
        return redirect(url_for("factor.ask", next=url_for("setup.choose")), 303)
    if found.actor and not found.actor.fresh:
        raise FactorNeeded
    return None


@pages.get("")
@password_given
def choose() -> str:
    return _choices()


@pages.post("/app")
@password_given
def app() -> str:
    """A fresh secret for an authenticator app, shown as a QR code and as text."""
    return _app(account.begin_totp(tools(), identity().token))


@pages.post("/app/code")
@password_given
def app_code() -> ResponseReturnValue:
    form = request.form
    try:
        with paused(f"set-up of {_officer_id()}", ""):
            account.finish_totp(tools(), _officer_id(), identity().token, form.get("label", ""), form.get("code", ""))
    except NotAllowed as refusal:
        secret = account.secret_under_way(tools(), identity().token)
        wrong = words.reason(refusal.reason)
        return (_app(secret, wrong) if secret else _choices(wrong)), 422
    except Problem as problem:
        return _choices(problem.detail), problem.status, problem.headers
    return _done()


@pages.post("/passkey/options")
@password_given
def passkey_options() -> Response:
    """What the browser is asked to make, as JSON."""
    person, challenge = store.get(db.session(), _officer_id()), passkeys.new_challenge()
    known = factors.of_officer(db.session(), person.id)
    options = passkeys.to_make(tools().room.settings, person.id, person.name, known, challenge)
    remember(challenge)
    return Response(options, mimetype="application/json")


@pages.post("/passkey")
@password_given
def passkey() -> ResponseReturnValue:
    form = request.form
    try:
        answer = form.get("passkey", "")
        account.finish_passkey(tools(), _officer_id(), identity().token, form.get("label", ""), answer)
    except NotAllowed as refusal:
        return _choices(words.reason(refusal.reason)), 422
    return _done()


def _officer_id() -> str:
    return str(identity().officer_id)


def _done() -> ResponseReturnValue:
    """After the first factor the log-in is whole, and the recovery codes are shown; after others the account."""
    row = sessions.find(db.session(), identity().token, now())
    if row is None or row.shown_at is not None:
        return redirect(url_for("account.overview", done="factor"), 303)
    officer_id = _officer_id()
    token = account.shown_by_setup(tools(), identity().token)
    codes = account.new_recovery_codes(tools(), officer_id)
    page = render_template("review/recovery.html", codes=codes, next=inside(request.form.get("next")), first=True)
    return keep(make_response(page), token)


def _choices(wrong: str = "") -> str:
    named = passkeys.host(tools().room.settings) is not None
    return render_template("review/setup.html", fault=wrong, named=named, **_around())


def _app(secret: str, wrong: str = "") -> str:
    name = store.get(db.session(), _officer_id()).name
    drawn = segno.make(factors.address_of(secret, name), error="m")
    picture = Markup(drawn.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704 - our own SVG
    spelt = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("review/setup_app.html", picture=picture, secret=spelt, fault=wrong, **_around())


def _around() -> dict[str, object]:
    return {"next": inside(request.values.get("next")), "half": identity().half, "form": request.form}
