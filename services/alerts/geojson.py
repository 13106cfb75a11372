"""GeoJSON (RFC 7946): an alert is a Feature, a feed a FeatureCollection."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from services.alerts.area import STEPS, around_km, shape_of
from services.alerts.feed import Page
from services.alerts.store import Published
from shared.addresses import Addresses
from shared.geo import HALF_WAY_KM, disc_corners
from shared.messages import AlertContent, AlertText

MEDIA_TYPE = "application/geo+json"


def feed(page: Page, where: Addresses) -> bytes:
    """A page of alerts. `checked` is when the feed was last made, so that an empty one and a dead one differ."""
    body: dict[str, Any] = {
        "type": "FeatureCollection",
        "title": page.title,
        "checked": iso(page.checked),
        "updated": iso(page.updated) if page.updated else None,
        "terms": page.terms,
        "links": {"self": page.self_url, "next": page.next_url, "prev": page.previous_url},
        "features": [],
    }
    return joined(dumped(body), (one(item, where) for item in page.items))


def one(item: Published, where: Addresses) -> bytes:
    """An alert's Feature: made once, and the same bytes wherever it stands."""
    made: bytes = item.once("geojson", lambda: dumped(feature(item, where)))
    return made


def joined(body: bytes, parts: Iterable[bytes]) -> bytes:
    """A JSON object that ends with an empty list, with its parts, which are JSON already, in that list."""
    if not body.endswith(b"[]}"):
        raise ValueError("not an object that ends with an empty list")
    return body[:-2] + b",".join(parts) + b"]}"


def feature(item: Published, where: Addresses) -> dict[str, Any]:
    """The Feature of a live alert, or the nameless tombstone of one that has ended."""
    content, id_ = item.content, item.alert.id
    properties = _always(item, where)
    if content is None:
        return {"type": "Feature", "id": id_, "geometry": None, "properties": properties}
    first, *_ = content.texts
    properties |= {
        **_words(first),
        "contact": content.contact,
        "language": first.language,
        "translations": {text.language: _words(text) for text in content.texts},
        "event_code": content.event_code,
        "child": {"name": content.child_name, "age_when_last_seen": content.age_when_last_seen, "sex": content.sex},
        "last_seen": _last_seen(content),
        "radius_km": None if content.polygon else content.radius_km,
        "effective": iso(item.latest.sent),
        "expires": iso(content.expires),
        "regions": list(content.regions),
        "photos": _photos(item, where),
    }
    return {"type": "Feature", "id": id_} | _where(content) | {"properties": properties}


def _where(content: AlertContent) -> dict[str, Any]:
    """The alert's bbox and geometry. Most are circles that nothing cuts, whose corners need no more than rounding."""
    if not content.polygon and (km := around_km(content.radius_km)) < HALF_WAY_KM:
        corners = np.round(disc_corners(content.lat, content.lon, km, STEPS)[::-1], 6)
        (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
        if west >= -180 and east <= 180:
            box = [float(side) for side in (west, south, east, north)]
            return {"bbox": box, "geometry": {"type": "Polygon", "coordinates": [corners.tolist()]}}
    shape = shape_of(content)
    return {"bbox": _bbox(shape), "geometry": wound(shape)}


def _always(item: Published, where: Addresses) -> dict[str, Any]:
    """What stays of an alert even when it has ended."""
    alert = item.alert
    return {
        "id": alert.id,
        "identifier": item.latest.identifier,
        "status": alert.status,
        "state": item.state,
        "msg_type": item.latest.msg_type,
        "sent": iso(item.latest.sent),
        "updated": iso(item.changed_at),
        "links": {"cap": where.cap(alert.id), "page": where.page(alert.id), "self": where.feature(alert.id)},
    }


def _words(text: AlertText) -> dict[str, str]:
    return {
        "headline": text.headline,
        "description": text.description,
        "instruction": text.instruction,
        "area_desc": text.area_desc,
    }


def _last_seen(content: AlertContent) -> dict[str, Any]:
    place = {"at": iso(content.last_seen_at), "place": content.last_seen_place}
    return place | {"lat": content.lat, "lon": content.lon, "rounded": True}


def _photos(item: Published, where: Addresses) -> list[dict[str, Any]]:
    return [
        {
            "url": where.photo(item.alert.id, photo.id),
            "media_type": "image/jpeg",
            "width": photo.width,
            "height": photo.height,
            "size": photo.size,
            "alt": photo.alt,
            "credit": photo.credit,
        }
        for photo in item.photos
    ]


def wound(shape: BaseGeometry) -> dict[str, Any]:
    """A geometry as RFC 7946 wants it: outer rings anticlockwise, six decimals."""
    polygons = [_rings(part) for part in shapely.get_parts(shapely.orient_polygons(shape))]
    if len(polygons) > 1:
        return {"type": "MultiPolygon", "coordinates": polygons}
    return {"type": "Polygon", "coordinates": polygons[0]}


def _rings(part: BaseGeometry) -> list[list[list[float]]]:
    return [np.round(shapely.get_coordinates(ring), 6).tolist() for ring in shapely.get_rings(part)]


def _bbox(shape: BaseGeometry) -> list[float]:
    """West, south, east, north; west is greater than east where the antimeridian lies between (RFC 7946, 5.2)."""
    west, south, east, north = shape.bounds
    if shape.geom_type == "MultiPolygon" and west == -180 and east == 180 and south > -90 and north < 90:
        west = min(part.bounds[0] for part in shape.geoms if part.bounds[2] == 180)
        east = max(part.bounds[2] for part in shape.geoms if part.bounds[0] == -180)
    return [round(value, 6) for value in (west, south, east, north)]


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def dumped(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body)
