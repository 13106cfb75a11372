"""A live alert's poster to print and its square picture to share, as the worker has drawn them."""

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.alerts.models import Alert
from services.alerts.poster import press
from services.alerts.views.alert import PICTURES_STAY_OUT, ended, find
from services.alerts.views.answers import public
from services.alerts.views.context import session, tools
from shared.errors import BlobMissing
from shared.http import Problem
from shared.language import language, speak_by_address

pages = Blueprint("poster", __name__)
SIZES = ("a4", "a3")
FRESH_S = 60
AGAIN_S = 5


@pages.before_request
def by_address() -> None:
    """A cache gives one reader's poster to the next: its language comes from its address."""
    speak_by_address()


@pages.get("/alerts/<alert_id>/poster.pdf")
def poster(alert_id: str) -> Response | tuple[str, int]:
    """The PDF, of `size` a4 (default) or a3, in `lang`."""
    size = request.args.get("size", "a4").lower()
    if size not in SIZES:
        raise Problem(400, gettext("We have no poster of this size"), gettext("There are a4 and a3."))
    return _answer(alert_id, size, "application/pdf", f"alert-{size}-{language()}.pdf")


@pages.get("/alerts/<alert_id>/square.jpg")
def square(alert_id: str) -> Response | tuple[str, int]:
    """The picture of 1080 times 1080 pixels, in `lang`."""
    return _answer(alert_id, "square", "image/jpeg", f"alert-{language()}.jpg")


def _answer(alert_id: str, kind: str, media_type: str, name: str) -> Response | tuple[str, int]:
    item = find(alert_id)
    alert = session().get(Alert, alert_id)
    if item.content is None or alert is None or alert.content_key is None:
        return ended(item), 410
    row = press.find(session(), alert_id, kind, language())
    if row is None or row.number != alert.messages:
        raise _still_printing()
    try:
        data = press.opened(tools(), tools().room.keys.unseal(alert.content_key), row)
    except BlobMissing:
        raise _still_printing() from None
    response = public(data, media_type, item.changed_at, for_s=FRESH_S)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Type"] = media_type
    response.headers["X-Robots-Tag"] = PICTURES_STAY_OUT
    return response


def _still_printing() -> Problem:
    detail = gettext("It is made within seconds of the alert. Please ask again in a moment.")
    return Problem(503, gettext("The poster is being made"), detail, headers={"Retry-After": str(AGAIN_S)})
