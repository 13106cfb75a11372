"""How far a place is from a box, on the sphere: over the antimeridian, about the poles, and for boxes without area."""

import random

import numpy as np
import pytest
import shapely

from services.alerts import area
from services.alerts.boxes import Box
from shared.geo import circle, distance_km

BOXES = [
    Box(11, 57, 12, 58), Box(170, -20, -170, -10), Box(-180, 80, 180, 90), Box(30, 85, 40, 90), Box(0, -90, 10, -89),
    Box(-180, -90, 180, 90), Box(5, 5, 5, 5), Box(180, 0, -180, 1), Box(-20, 60, 150, 70),
]  # fmt: skip
STEPS = 400


def outline(box: Box) -> list[tuple[float, float]]:
    width = 360 if box.east - box.west == 360 else (box.east - box.west) % 360
    share = [step / STEPS for step in range(STEPS + 1)]
    sides = [(box.south + (box.north - box.south) * s, lon) for s in share for lon in (box.west, box.east)]
    return sides + [(lat, box.west + width * s) for s in share for lat in (box.south, box.north)]


def inside(box: Box, lat: float, lon: float) -> bool:
    across = box.west <= lon <= box.east if box.west <= box.east else lon >= box.west or lon <= box.east
    return across and box.south <= lat <= box.north


@pytest.mark.parametrize("box", BOXES)
def test_the_distance_is_that_to_the_nearest_place_of_the_outline(box: Box) -> None:
    chance, points = random.Random(5), outline(box)
    for _ in range(60):
        lat, lon = chance.uniform(-90, 90), chance.uniform(-180, 180)
        told = float(box.km_to(np.array(lat), np.array(lon)))
        if inside(box, lat, lon):
            assert told == 0
            continue
        nearest = min(distance_km(lat, lon, *point) for point in points)
        assert told <= nearest + 1e-6
        assert told == pytest.approx(nearest, abs=25)


def test_a_box_without_area_still_has_a_place() -> None:
    assert Box(5, 5, 5, 5).shape().geom_type == "Point"
    assert Box(5, 5, 5, 6).shape().geom_type == "LineString"
    assert Box(170, -20, -170, -10).shape().bounds == (-180, -20, 180, -10)


@pytest.mark.parametrize("lat", [0.0, 57.7, -80.0])
@pytest.mark.parametrize("km", [1.0, 30.0, 500.0])
def test_the_polygon_that_is_shown_for_a_circle_loses_nothing_of_it(lat: float, km: float) -> None:
    shown = area.ring(lat, 12.0, km)
    assert shown.buffer(1e-7).covers(circle(lat, 12.0, km, 360))
    assert shown.area < circle(lat, 12.0, km, 360).area * 1.004
    assert shapely.get_num_coordinates(shown) < 100
