"""GET /widget: a region's alerts in a frame of somebody else's page. The one address that others may frame."""

from flask import Blueprint, Response, make_response, render_template

from services.alerts.views.asked import asked
from services.alerts.views.context import where
from shared.http import POLICY
from shared.web.alertpage import text_for

pages = Blueprint("widget", __name__)
AT_MOST = 10
FRESH_S = 30


@pages.get("/widget")
def widget() -> Response:
    found = asked(AT_MOST)
    response = make_response(render_template("alerts/widget.html", **vars(found), where=where(), text_for=text_for))
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    response.headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
    return response
