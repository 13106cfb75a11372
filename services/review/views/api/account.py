"""One's own account as JSON: log-ins elsewhere, second factors, tokens for programs. A person's, never a token's.

What needs a browser stays there: accepting an invitation, and setting up a passkey or an authenticator app.
"""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.people import account
from services.review.views import shapes_people
from services.review.views.access import identity, officer, require_fresh, require_person, signed_in
from services.review.views.api.answers.people import Account, RecoveryCodes, TokenMade
from services.review.views.bodies import NewPassword, NewToken, body
from services.review.views.context import tools
from shared.openapi import operation

pages = Blueprint("api_account", __name__, url_prefix="/account")


@pages.get("")
@signed_in
@operation("Read one's own account", gives=Account)
def overview() -> Response:
    require_person()
    return jsonify(shapes_people.own(officer()))


@pages.put("/password")
@signed_in
@operation("Change the password; every other log-in ends", takes=NewPassword, status=204)
def set_password() -> ResponseReturnValue:
    """Needs a second factor that was shown in the last ten minutes."""
    require_fresh()
    given = body(NewPassword)
    account.change_password(tools(), officer(), given.old, given.new, identity().session_id)
    return "", 204


@pages.delete("/factors/<id:factor_id>")
@signed_in
@operation("Remove a second factor, never the last", status=204)
def remove_factor(factor_id: str) -> ResponseReturnValue:
    """Needs a second factor that was shown in the last ten minutes."""
    require_fresh()
    account.remove_factor(tools(), officer(), factor_id)
    return "", 204


@pages.post("/recovery-codes")
@signed_in
@operation("Make ten recovery codes, in place of those from before", gives=RecoveryCodes, status=201)
def recovery() -> ResponseReturnValue:
    """Needs a second factor that was shown in the last ten minutes."""
    require_fresh()
    return jsonify(codes=account.new_recovery_codes(tools(), officer().id)), 201


@pages.delete("/sessions/<id:session_id>")
@signed_in
@operation("End one's own log-in somewhere else", status=204)
def end_session(session_id: str) -> ResponseReturnValue:
    account.end_session(tools(), officer(), session_id)
    return "", 204


@pages.delete("/sessions")
@signed_in
@operation("End all of one's log-ins but this", status=204)
def end_others() -> ResponseReturnValue:
    account.end_others(tools(), officer(), identity().session_id)
    return "", 204


@pages.post("/tokens")
@signed_in
@operation("Make a token for a program", takes=NewToken, gives=TokenMade, status=201)
def make_token() -> ResponseReturnValue:
    """Needs a second factor that was shown in the last ten minutes. A token reads and files, and never decides."""
    require_fresh()
    given = body(NewToken)
    token = account.make_token(tools(), officer(), given.token_name, given.scopes, given.days)
    return jsonify(token=token, tokens=shapes_people.own_tokens(officer())), 201


@pages.delete("/tokens/<id:token_id>")
@signed_in
@operation("End a token", status=204)
def end_token(token_id: str) -> ResponseReturnValue:
    account.end_token(tools(), officer(), token_id)
    return "", 204
