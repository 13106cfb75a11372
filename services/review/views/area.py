"""An alert's area on the desk: its map with the frame that a script needs to draw on it, and the regions it touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from markupsafe import Markup

from services.review.cases.schemas import Details
from services.review.drafts import reach, rules
from services.review.drafts.schemas import DraftFields
from services.review.views.context import tools
from shared.geo import polygon, rounded
from shared.language import language
from shared.mapframe import Frame, Pin, Ring, fit
from shared.maps import alert_map, fit_area

VIEWS_KM = (20, 100, 400, 1600)
MOST_ROWS = 8


@dataclass(frozen=True)
class Area:
    """`view` is how many kilometres are shown (0: just the area); `names` are the regions' by code."""

    map: Markup
    frame: Frame
    pin: Pin
    reach: reach.Reach
    names: Mapping[str, str]
    view: int


def area_of(details: Details | None, fields: DraftFields | None, view: int = 0) -> Area | None:
    """None once the case is erased."""
    if details is None or fields is None:
        return None
    lat, lon = _middle(details, fields)
    pin = Pin(lat, lon, fields.last_seen_place[:40])
    shape = polygon(fields.polygon) if fields.polygon else None
    frame = fit([], [], [Ring(lat, lon, view / 2)]) if view in VIEWS_KM else fit_area(pin, fields.radius_km, shape)
    known = [code for code in fields.regions if tools().regions.known(code)]
    touched = reach_of(details, fields)
    title = gettext("Where the child was last seen, and where the alert goes")
    drawn = alert_map(
        tools().regions, known, pin, fields.radius_km, language=language(), title=title, polygon=shape, frame=frame
    )
    codes = [*(each.code for each in touched.regions), *touched.apart]
    return Area(drawn, frame, pin, touched, {code: _name(code) for code in codes}, view)


def reach_of(details: Details, fields: DraftFields) -> reach.Reach:
    """The regions that the area of these fields touches."""
    shape = reach.shape_of(*_middle(details, fields), fields.radius_km, fields.polygon)
    return reach.reached(tools().regions, shape, fields.regions)


def _middle(details: Details, fields: DraftFields) -> tuple[float, float]:
    """Where the child was last seen, rounded as the public gets it: latitude and longitude."""
    seen = fields.seen or details.last_seen
    return rounded(seen.lat, seen.lon, rules.PLACE_ROUNDED_KM)


def proposed_km(details: Details, now: datetime) -> float:
    """The radius that the hours since last seen propose."""
    return rules.ring_km(now - details.last_seen.at)


def _name(code: str) -> str:
    return tools().regions.get(code).name(language())
