"""Logging in through the agency (OpenID Connect), and binding its account to an invited officer."""

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import words
from services.review.base import db
from services.review.people import agency, codes, entry, store
from services.review.views.access import inside, public
from services.review.views.access_identity import is_https
from services.review.views.context import tools
from services.review.views.cookies import keep, origin
from services.review.views.login import page as login_page
from shared.errors import NotAllowed

pages = Blueprint("agency", __name__)


@pages.post("/login/agency")
@public
def leave() -> ResponseReturnValue:
    """To the agency; with an invitation's `code`, to be bound to its account on the way back."""
    code = request.form.get("code", "")[:100]
    try:
        if not agency.is_set(tools().room.settings):
            raise NotAllowed("agency_failed", "none is set")
        invitation = codes.hash_of(code) if code else None
        address, cookie = agency.leave(tools(), inside(request.form.get("next")), invitation)
    except NotAllowed as refusal:
        return login_page(words.reason(refusal.reason)), 409
    return _keep_trip(make_response(render_template("review/agency_leave.html", target=address)), cookie)


@pages.get(agency.BACK)
@public
def back() -> ResponseReturnValue:
    """From the agency. The log-in's cookie is for this site's own pages only, so a page of ours leads on."""
    try:
        found = agency.come_back(tools(), request.cookies.get(_trip(), ""), request.args)
        officer_id = _bound(found)
        entered = entry.begin(tools(), officer_id, origin(), admitted=True)
    except NotAllowed as refusal:
        return login_page(words.reason(refusal.reason)), 401
    target = url_for("factor.ask", next=inside(found.next)) if entered.half else inside(found.next)
    response = make_response(render_template("review/agency_back.html", target=target))
    response.delete_cookie(_trip(), httponly=True, samesite="Lax", secure=is_https())
    return keep(response, entered.token)


def _bound(found: agency.Returned) -> str:
    """The officer whom the agency vouches for. Raises NotAllowed("agency_unknown", "invitation_over", …)."""
    if found.invitation:
        return entry.accept_by_agency(tools(), found.invitation, found.agency)
    officer = store.by_agency(db.session(), found.agency)
    if officer is None or officer.disabled:
        raise NotAllowed("agency_unknown")
    return str(officer.id)


def _trip() -> str:
    return "__Host-trip" if is_https() else "trip"


def _keep_trip(response: Response, cookie: str) -> Response:
    """This one comes along when the agency sends the browser back: the log-in's own cookie does not."""
    response.set_cookie(
        _trip(), cookie, max_age=int(agency.LASTS.total_seconds()), httponly=True, samesite="Lax", secure=is_https()
    )
    return response
