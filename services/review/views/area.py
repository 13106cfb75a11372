"""An alert's area on the desk: its map with the frame that a script needs to draw on it, and the regions it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from services.review.cases.models import Case
from services.review.cases.schemas import Details
from services.review.drafts import reach, rules
from services.review.drafts.content import without_rings_if_test
from services.review.drafts.schemas import DraftFields
from services.review.views.context import now, tools
from shared.geo import polygon, rounded
from shared.language import language
from shared.mapframe import Frame, Pin, Ring, fit
from shared.maps import alert_map, fit_area
from shared.messages import AlertRing
from shared.rings import Step, km_at, policy

VIEWS_KM = (20, 100, 400, 1600)
MOST_ROWS = 8


@dataclass(frozen=True)
class Area:
    """`view` is how many kilometres are shown (0: just the area); `names` are the regions' by code. `rings` are the
    circle that holds now and those that follow by themselves; without such there is none."""

    map: Markup
    frame: Frame
    pin: Pin
    reach: reach.Reach
    names: Mapping[str, str]
    view: int
    rings: Sequence[AlertRing]

    def joins(self, code: str) -> AlertRing | None:
        """The ring with which the alert comes to be for a region that was not chosen."""
        return next((ring for ring in self.rings if code in ring.regions), None)


def area_of(details: Details | None, fields: DraftFields | None, view: int = 0) -> Area | None:
    """None once the case is erased."""
    if details is None or fields is None:
        return None
    lat, lon = _middle(details, fields)
    pin = Pin(lat, lon, fields.last_seen_place[:40])
    shape = polygon(fields.polygon) if fields.polygon else None
    rings = rings_of(details, fields)
    km = rings[-1].radius_km
    frame = fit([], [], [Ring(lat, lon, view / 2)]) if view in VIEWS_KM else fit_area(pin, km, shape)
    known = [code for code in rings[0].regions if tools().regions.known(code)]
    touched = reach_of(details, fields, rings)
    title = gettext("Where the child was last seen, and where the alert goes")
    drawn = alert_map(
        tools().regions, known, pin, rings[0].radius_km, language=language(), title=title, polygon=shape, frame=frame,
        wider=[ring.radius_km for ring in rings[1:]],
    )  # fmt: skip
    codes = {
        *(each.code for each in touched.regions),
        *touched.apart,
        *(code for ring in rings for code in ring.regions),
    }
    return Area(
        drawn,
        frame,
        pin,
        touched,
        {code: _name(code) for code in codes if tools().regions.known(code)},
        view,
        rings if without_rings_if_test(tools(), fields).rings else (),
    )


def reach_of(details: Details, fields: DraftFields, rings: Sequence[AlertRing]) -> reach.Reach:
    """The regions that the area of these fields touches: the largest of the `rings_of` them."""
    shape = reach.shape_of(*_middle(details, fields), rings[-1].radius_km, fields.polygon)
    return reach.reached(tools().regions, shape, fields.regions)


def rings_of(details: Details, fields: DraftFields) -> Sequence[AlertRing]:
    """The circle that holds now, and those that follow by themselves."""
    seen, fields = fields.seen or details.last_seen, without_rings_if_test(tools(), fields)
    return reach.rings_of(tools().regions, fields, *_middle(details, fields), seen.at, now())


def _middle(details: Details, fields: DraftFields) -> tuple[float, float]:
    """Where the child was last seen, rounded as the public gets it: latitude and longitude."""
    seen = fields.seen or details.last_seen
    return rounded(seen.lat, seen.lon, rules.PLACE_ROUNDED_KM)


def steps_for(case: Case) -> tuple[Step, ...]:
    """The rings that the policy of the case's jurisdiction proposes."""
    return policy(tools().room.settings.rings, case.region)


def proposed_km(details: Details, case: Case) -> float:
    """The radius that the hours since last seen propose."""
    return km_at(steps_for(case), now() - details.last_seen.at)


def _name(code: str) -> str:
    return tools().regions.get(code).name(language())
