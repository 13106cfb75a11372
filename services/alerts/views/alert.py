"""One alert: its GeoJSON Feature, its CAP message, its page for people, its photos."""

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext

from services.alerts import cap, geojson, photos, store
from services.alerts.models import Rendition
from services.alerts.store import Published
from services.alerts.views.answers import public
from services.alerts.views.context import session, tools, where
from services.alerts.words import EVENTS, text_for
from shared.errors import BlobMissing
from shared.http import Problem
from shared.language import language
from shared.mapframe import Pin
from shared.maps import alert_map

pages = Blueprint("alert", __name__)
PHOTO_FRESH_S = 300


@pages.get("/v1/alerts/<alert_id>")
def feature(alert_id: str) -> Response:
    """The Feature; of an ended alert its nameless tombstone."""
    item = _find(alert_id)
    return public(geojson.one(item, where()), geojson.MEDIA_TYPE, item.changed_at)


@pages.get("/v1/alerts/<alert_id>.cap")
def message(alert_id: str) -> Response:
    """The newest CAP message, in the very bytes that were published; of a cancelled alert, its Cancel."""
    item = _find(alert_id)
    if item.state == "expired":
        raise Problem(410, gettext("This alert has ended"), gettext("Its time is over. Please remove it."))
    return public(item.latest.document, cap.MEDIA_TYPE, item.latest.sent)


@pages.get("/alerts/<alert_id>")
def page(alert_id: str) -> tuple[Response, int]:
    item = _find(alert_id)
    if item.content is None:
        body, status = render_template("alerts/ended.html"), 410
    else:
        body, status = _page(item), 200
    response = public(body.encode(), "text/html", item.changed_at)
    response.headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
    response.headers["Cache-Control"] = "private, no-cache"
    return response, response.status_code if response.status_code == 304 else status


def _page(item: Published) -> str:
    content = item.content
    if content is None:
        raise ValueError("an ended alert has no page of its own")
    text = text_for(content, language())
    pin = Pin(content.lat, content.lon, gettext("Last seen about here"))
    return render_template(
        "alerts/alert.html", alert=item.alert, content=content, text=text, event=EVENTS[content.event_code],
        photos=_largest(item.photos), where=where(),
        places=[tools().regions.get(code).name(language()) for code in content.regions],
        map=alert_map(
            tools().regions, content.regions, pin, content.radius_km, language=language(),
            title=gettext("Where to look"), description=content.last_seen_place,
        ),
    )  # fmt: skip


def _largest(renditions: tuple[Rendition, ...]) -> list[Rendition]:
    """The largest rendition of each photo."""
    best: dict[int, Rendition] = {}
    for rendition in renditions:
        best.setdefault(rendition.position, rendition)
    return list(best.values())


@pages.get("/alerts/<alert_id>/photos/<rendition_id>.jpg")
def photo(alert_id: str, rendition_id: str) -> Response:
    """A picture of a live alert. Nothing else ever leaves the store."""
    item = _find(alert_id)
    rendition = next((each for each in item.photos if each.id == rendition_id), None)
    if item.alert.content_key is None or rendition is None:
        abort(404)
    try:
        data = photos.opened(tools(), tools().room.keys.unseal(item.alert.content_key), rendition)
    except BlobMissing:
        abort(404)
    return public(data, "image/jpeg", item.changed_at, for_s=PHOTO_FRESH_S)


def _find(alert_id: str) -> Published:
    item = store.find(session(), tools().room.keys, alert_id, tools().room.clock())
    if item is None:
        raise Problem(404, gettext("There is no such alert"), gettext("Please check the address."))
    return item
