"""One alert: its GeoJSON Feature, its CAP message, its page for people, its photos."""

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext

from services.alerts import geojson, photos, store
from services.alerts.models import Alert, Rendition
from services.alerts.poster import press
from services.alerts.preview import preview
from services.alerts.store import Published
from services.alerts.views.answers import public
from services.alerts.views.context import session, tools, where
from shared import cap
from shared.errors import BlobMissing
from shared.http import Problem
from shared.language import language
from shared.messages import AlertContent
from shared.web.alertpage import Shown, article

pages = Blueprint("alert", __name__)
PHOTO_FRESH_S = 300
PICTURES_STAY_OUT = "noindex, noarchive, noimageindex"
"""For search engines: what they keep of a child outlives the alert (docs/decisions/0058)."""


@pages.get("/v1/alerts/<alert_id>")
def feature(alert_id: str) -> Response:
    """The Feature; of an ended alert its nameless tombstone."""
    item = find(alert_id)
    return public(geojson.one(item, where()), geojson.MEDIA_TYPE, item.changed_at)


@pages.get("/v1/alerts/<alert_id>.cap")
def message(alert_id: str) -> Response:
    """The newest CAP message, in the very bytes that were published; of a cancelled alert, its Cancel."""
    item = find(alert_id)
    if item.state == "expired":
        raise Problem(410, gettext("This alert has ended"), gettext("Its time is over. Please remove it."))
    return public(store.document(session(), item.latest.identifier), cap.MEDIA_TYPE, item.latest.sent)


@pages.get("/alerts/<alert_id>")
def page(alert_id: str) -> tuple[Response, int]:
    item = find(alert_id)
    if item.content is None:
        body, status = ended(item), 410
    else:
        body, status = _page(item, item.content), 200
    response = public(body.encode(), "text/html", item.changed_at)
    response.headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
    response.headers["Cache-Control"] = "private, no-cache"
    return response, response.status_code if response.status_code == 304 else status


def ended(item: Published) -> str:
    """The page of an alert that has ended: it names nobody, and does not say how it ended."""
    seen_url = f"{tools().room.settings.public_url('ingest')}/sighting"
    return render_template("alerts/ended.html", state=item.state, seen_url=seen_url)


def _page(item: Published, content: AlertContent) -> str:
    id_, door = item.alert.id, tools().room.settings.public_url("ingest")
    shown = [
        Shown(where().photo(id_, each.id), each.width, each.height, each.alt, each.credit)
        for each in photos.largest(item.photos)
    ]
    variables = article(content, tools().regions, language(), shown, item.changed_at, f"{door}/sighting?alert={id_}")
    printed = press.is_printed(session(), id_)
    return render_template(
        "alerts/alert.html", alert=item.alert, where=where(), printed=printed,
        preview=preview(item, content, where(), language(), printed), removal_url=f"{door}/removal?alert={id_}",
        **variables,
    )  # fmt: skip


@pages.get("/alerts/<alert_id>/photos/<rendition_id>.jpg")
def photo(alert_id: str, rendition_id: str) -> Response:
    """A picture of a live alert. Nothing else ever leaves the store."""
    item = find(alert_id)
    if not any(each.id == rendition_id for each in item.photos):
        abort(404)
    alert, rendition = session().get(Alert, alert_id), session().get(Rendition, rendition_id)
    if alert is None or alert.content_key is None or rendition is None:
        abort(404)
    try:
        data = photos.opened(tools(), tools().room.keys.unseal(alert.content_key), rendition)
    except BlobMissing:
        abort(404)
    response = public(data, "image/jpeg", item.changed_at, for_s=PHOTO_FRESH_S)
    response.headers["X-Robots-Tag"] = PICTURES_STAY_OUT
    return response


def find(alert_id: str) -> Published:
    item = store.find(session(), tools().room.keys, alert_id, tools().room.clock())
    if item is None:
        raise Problem(404, gettext("There is no such alert"), gettext("Please check the address."))
    return item
