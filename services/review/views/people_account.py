"""One's own account: rights, password, second factors, log-ins elsewhere, tokens for programs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review.base import db
from services.review.people import account, factors, passkeys, sessions, store, tokens
from services.review.views.access import identity, officer, require_fresh, signed_in
from services.review.views.context import now, tools
from services.review.views.trying import NONE, Trouble, attempt

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
@signed_in
def overview() -> str:
    return _page()


@pages.get("/password")
@signed_in
def password() -> str:
    require_fresh()
    return _password()


@pages.post("/password")
@signed_in
def set_password() -> ResponseReturnValue:
    if not officer().fresh:
        return redirect(url_for("account.password"), 303)  # a typed password is not carried through a page
    old, new = request.form.get("old", ""), request.form.get("new", "")
    return attempt(
        lambda: account.change_password(tools(), officer(), old, new, identity().session_id),
        lambda _: url_for("account.overview", done="password"),
        _password,
    )


@pages.post("/factors/remove")
@signed_in
def remove_factor() -> ResponseReturnValue:
    require_fresh()
    return _attempt("removed", lambda: account.remove_factor(tools(), officer(), _posted_id()))


@pages.post("/recovery")
@signed_in
def recovery() -> str:
    require_fresh()
    codes = account.new_recovery_codes(tools(), officer().id)
    return render_template("review/recovery.html", codes=codes, next=url_for("account.overview"), first=False)


@pages.post("/sessions/end")
@signed_in
def end_session() -> ResponseReturnValue:
    return _attempt("ended", lambda: account.end_session(tools(), officer(), _posted_id()))


@pages.post("/sessions/end-others")
@signed_in
def end_others() -> ResponseReturnValue:
    return _attempt("ended", lambda: account.end_others(tools(), officer(), identity().session_id))


@pages.get("/tokens/new")
@signed_in
def new_token() -> str:
    require_fresh()
    return _token()


@pages.post("/tokens")
@signed_in
def make_token() -> ResponseReturnValue:
    """The token is in this answer and nowhere else."""
    require_fresh()
    form = request.form
    made: list[str] = []

    def make() -> None:
        given = (form.get("token_name", ""), form.getlist("scopes"), form.get("days", type=int))
        made.append(account.make_token(tools(), officer(), *given))

    answer = attempt(make, lambda _: "", _token)
    return render_template("review/token.html", token=made[0]) if made else answer


@pages.post("/tokens/end")
@signed_in
def end_token() -> ResponseReturnValue:
    return _attempt("token_ended", lambda: account.end_token(tools(), officer(), _posted_id()))


def _posted_id() -> str:
    return request.form.get("id", "")[:40]


def _attempt(done: str, act: Callable[[], Any]) -> ResponseReturnValue:
    return attempt(act, lambda _: url_for("account.overview", done=done), _page)


def _password(trouble: Trouble = NONE) -> str:
    has_one = bool(store.get(db.session(), officer().id).password)
    return render_template("review/account_password.html", trouble=trouble, has_one=has_one)


def _token(trouble: Trouble = NONE) -> str:
    scopes = account.scopes_of(officer())
    return render_template("review/account_token.html", trouble=trouble, scopes=scopes, form=request.form)


def _page(trouble: Trouble = NONE) -> str:
    session, me = db.session(), officer().id
    return render_template(
        "review/account.html", trouble=trouble, done=request.args.get("done", ""), person=store.get(session, me),
        factors=factors.of_officer(session, me), codes_left=factors.recovery_left(session, me),
        sessions=sessions.of_officer(session, me, now()), here=identity().session_id,
        tokens=tokens.of_officer(session, me, now()), scopes=account.scopes_of(officer()),
        named=passkeys.host(tools().room.settings) is not None,
    )  # fmt: skip
