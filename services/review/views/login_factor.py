"""The second step of a log-in, and showing the second factor again."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import words
from services.review.base import db
from services.review.people import factors, passkeys, sessions
from services.review.people.rules import FactorNeeded
from services.review.views import access_stepup
from services.review.views.access import identity, inside, officer, password_given, signed_in
from services.review.views.context import tools
from services.review.views.cookies import keep
from shared.errors import NotAllowed
from shared.http import Problem

pages = Blueprint("factor", __name__)


@pages.get("/login/factor")
@password_given
def ask() -> ResponseReturnValue:
    target = inside(request.args.get("next"))
    if not identity().half:
        return redirect(target)
    if not factors.has_any(db.session(), str(identity().officer_id)):
        return redirect(url_for("setup.choose", next=target))
    return _page("", target)


@pages.post("/login/factor")
@password_given
def show() -> ResponseReturnValue:
    form, target = request.form, inside(request.form.get("next"))
    if not identity().half:
        return redirect(target, 303)
    try:
        token = access_stepup.take(form.get(access_stepup.CODE, ""), form.get(access_stepup.PASSKEY, ""))
    except NotAllowed as refusal:
        return _page(words.reason(refusal.reason), target), 401
    except Problem as problem:
        return _page(problem.detail, target), problem.status, problem.headers
    return keep(make_response(redirect(target, 303)), token)


@pages.post("/login/passkey")
@password_given
def challenge() -> Response:
    """What the browser asks the passkey to sign, as JSON; kept with the log-in, good for one answer."""
    known = factors.of_officer(db.session(), str(identity().officer_id))
    asked = passkeys.new_challenge()
    options = passkeys.to_show(tools().room.settings, known, asked)
    remember(asked)
    return Response(options, mimetype="application/json")


def remember(challenge: str) -> None:
    """Keeps what a passkey is to sign with the log-in that asks."""
    with tools().room.bus.work() as work:
        row = sessions.find(work.session, identity().token, work.now)
        if row is None:
            raise NotAllowed("not_logged_in")
        row.challenge = challenge


@pages.get("/confirm")
@signed_in
def confirm_page() -> ResponseReturnValue:
    if officer().fresh:
        return redirect(inside(request.args.get("next")))
    raise FactorNeeded


@pages.post("/confirm")
@signed_in
def confirm() -> ResponseReturnValue:
    """The guard has taken the factor that came with the form, if it was right."""
    if not officer().fresh:
        raise FactorNeeded
    return redirect(inside(request.form.get("next")), 303)


def _page(wrong: str, target: str) -> str:
    known = factors.of_officer(db.session(), str(identity().officer_id))
    return render_template(
        "review/factor.html", fault=wrong, next=target, kinds={item.kind for item in known},
        named=passkeys.host(tools().room.settings) is not None,
    )  # fmt: skip
