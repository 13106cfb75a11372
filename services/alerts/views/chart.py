"""GET /map: where the live alerts are, drawn here: no third party learns who looks where."""

from flask import Blueprint, render_template
from flask_babel import gettext
from markupsafe import Markup

from services.alerts.views.asked import Asked, asked
from services.alerts.views.context import tools, where
from shared.geo import polygon
from shared.language import language
from shared.maps import Frame, Outline, Pin, Ring, fit, svg_map
from shared.web.alertpage import text_for

pages = Blueprint("chart", __name__)
AT_MOST = 60
WIDE = 25.0
"""Degrees of a map from which on only countries are drawn."""


@pages.get("/map")
def chart() -> str:
    found = asked(AT_MOST)
    return render_template("alerts/map.html", **vars(found), where=where(), text_for=text_for, map=_map(found))


def _map(found: Asked) -> Markup | None:
    """None where there is nothing to draw."""
    contents = [item.content for item in found.items if item.content]
    pins = [Pin(each.lat, each.lon) for each in contents]
    rings = [Ring(each.lat, each.lon, each.radius_km) for each in contents if not each.polygon]
    if not pins and not found.region:
        return None
    own = [Outline(tools().regions.shape(found.region.code))] if found.region else []
    frame = fit(own, [], []) if own else fit([], pins, rings)
    return svg_map(
        [*_around(frame), *own], pins, rings, title=gettext("Map of the alerts"), frame=frame,
        areas=[polygon(each.polygon) for each in contents if each.polygon],
        description="; ".join(each.last_seen_place for each in contents),
    )  # fmt: skip


def _around(frame: Frame) -> list[Outline]:
    regions = tools().regions
    codes = {code for bounds in frame.on_map() for code in regions.touching(*bounds)}
    west, _, east, _ = frame.bounds
    if east - west > WIDE:
        codes = {code.partition("-")[0] for code in codes}
    named = east - west <= WIDE
    return [
        Outline(regions.shape(code), regions.get(code).name(language()) if named else "", faint=True)
        for code in sorted(codes)
    ]
