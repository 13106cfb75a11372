"""Maps as inline SVG."""

import math
import re
from xml.etree import ElementTree

import pytest
import shapely

from shared.geo import Regions, distance_km
from shared.maps import Outline, Pin, Ring, alert_map, fit, svg_map

HEAVY = ["CA-NU", "CL", "NO", "RU", "US-AK", "GL-SM", "FJ-N", "FR-IDF"]
SQUARE = Outline(shapely.box(0, 0, 1, 1), "Somewhere")


@pytest.fixture(scope="module")
def regions() -> Regions:
    return Regions()


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


@pytest.mark.parametrize("code", HEAVY)
def test_a_map_is_well_formed_and_small(regions: Regions, code: str) -> None:
    shape = regions.shape(code)
    svg = svg_map([Outline(shape, code)], title=code)
    assert len(svg.encode()) < 60_000
    assert parsed(svg).get("role") == "img"
    assert 'class="map-region"' in svg


@pytest.mark.parametrize(
    ("lat", "lon", "km"),
    [
        (48.9, 2.4, 60),
        (-16.8, 179.95, 50),
        (66.5, -179.5, 400),
        (82, -60, 1500),
        (51.5, -0.1, 2),
        (60, 20, 15000),
    ],
)
def test_an_alerts_map_is_small_wherever_it_is(regions: Regions, lat: float, lon: float, km: float) -> None:
    codes = regions.at(lat, lon)[:1]
    svg = alert_map(regions, codes, Pin(lat, lon, "Last seen"), km, language="en", title="Where to look")
    assert len(svg.encode()) < 60_000
    root = parsed(svg)
    kinds = [part.get("class") for part in root]
    assert kinds.count("map-circle") == 1 and kinds.count("map-point") == 1
    numbers = [float(number) for part in root for number in re.findall(r"-?\d+\.\d+", part.get("d") or "")]
    assert all(-10 <= number <= 650 for number in numbers)


def test_a_map_tells_those_who_cannot_see_it(regions: Regions) -> None:
    pin = Pin(48.9, 2.4)
    svg = alert_map(regions, ["FR-IDF"], pin, 20, language="en", title="Where to look", description="20 km about Paris")
    assert parsed(svg).get("aria-label") == "Where to look. 20 km about Paris"
    assert parsed(svg).findtext("title") == "Where to look"


def test_a_map_names_regions_in_the_readers_language(regions: Regions) -> None:
    pin = Pin(39.9, 116.4)
    assert "北京市" in alert_map(regions, ["CN-BJ"], pin, 100, language="zh", title="地图")
    assert "Beijing" in alert_map(regions, ["CN-BJ"], pin, 100, language="en", title="Map")


def test_names_are_escaped() -> None:
    svg = svg_map([Outline(SQUARE.shape, "<b>&")], title="<script>", description='"')
    assert "<script" not in svg and "<b>" not in svg
    assert parsed(svg).get("aria-label") == '<script>. "'


def test_a_map_brings_no_script_no_style_and_nothing_from_elsewhere() -> None:
    svg = svg_map([SQUARE], [Pin(0.5, 0.5)], [Ring(0.5, 0.5, 10)], title="Map")
    assert not re.search(r"style=|<style|<script|href|url\(|\son\w+=", svg)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    svg = svg_map([], [], [Ring(48.9, 2.4, 60)], title="Map")
    km = float(re.search(r">([\d.]+) km<", svg)[1])  # type: ignore[index]
    pixels = float(re.search(r"v6h([\d.]+)v-6", svg)[1])  # type: ignore[index]
    frame = fit([], [], [Ring(48.9, 2.4, 60)])
    (x1, _), (x2, _) = frame.place(48.9, 2.4), frame.place(48.9, 2.5)
    assert pixels / km == pytest.approx((x2 - x1) / distance_km(48.9, 2.4, 48.9, 2.5), rel=0.01)


def test_a_circle_near_home_looks_round() -> None:
    ring = re.search(r'class="map-circle" d="([^"]+)"', svg_map([], [], [Ring(60, 10, 30)], title="Map"))
    points = re.findall(r"([\d.]+) ([\d.]+)", ring[1])  # type: ignore[index]
    radii = [math.dist((float(x), float(y)), (320, 210)) for x, y in points]
    assert max(radii) / min(radii) < 1.02
    assert max(radii) < 210


def test_a_place_over_the_antimeridian_is_drawn_beside_its_neighbour() -> None:
    frame = fit([], [Pin(-16.8, 179.95), Pin(-16.8, -179.95)], [])
    (x1, _), (x2, _) = frame.place(-16.8, 179.95), frame.place(-16.8, -179.95)
    assert 0 < x1 < x2 < 640


def test_a_country_on_both_sides_of_the_antimeridian_fills_its_map(regions: Regions) -> None:
    west, _, east, _ = (frame := fit([Outline(regions.shape("FJ"))], [], [])).bounds
    assert east - west < 20
    assert frame.draw(regions.shape("FJ")).area > 0


def test_a_map_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="something to show"):
        svg_map([], title="Nothing")
