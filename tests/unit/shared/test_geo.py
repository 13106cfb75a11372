"""Distances, circles and rounding on the globe."""

import math
import random

import pytest
import shapely

from shared.geo import EARTH_KM, circle, distance_km, rounded

CENTRES = [
    (0.0, 0.0),
    (48.9, 2.35),
    (-33.9, 151.2),
    (66.5, -179.9),
    (-16.8, 179.95),
    (85.0, 40.0),
    (-77.8, 166.7),
]
RADII = [0.5, 10.0, 300.0, 2500.0, 9000.0, 15000.0]


def a_place(chance: random.Random) -> tuple[float, float]:
    """Evenly spread over the sphere."""
    return math.degrees(math.asin(chance.uniform(-1, 1))), chance.uniform(-180, 180)


def a_place_about(chance: random.Random, lat: float, lon: float, km: float) -> tuple[float, float]:
    """In a direction of chance, as far as `km`, found by turning a vector rather than by our own formula."""
    phi, theta = math.radians(lat), math.radians(lon)
    up = (math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi))
    north = (-math.sin(phi) * math.cos(theta), -math.sin(phi) * math.sin(theta), math.cos(phi))
    east = (-math.sin(theta), math.cos(theta), 0.0)
    bearing, reach = chance.uniform(0, 2 * math.pi), km / EARTH_KM
    x, y, z = (
        math.cos(reach) * u + math.sin(reach) * (math.cos(bearing) * n + math.sin(bearing) * e)
        for u, n, e in zip(up, north, east, strict=True)
    )
    return math.degrees(math.asin(max(-1.0, min(1.0, z)))), math.degrees(math.atan2(y, x))


def test_distances_are_those_on_the_globe() -> None:
    assert distance_km(48.8566, 2.3522, 51.5074, -0.1278) == pytest.approx(343.6, abs=0.5)
    assert distance_km(0, 179.9, 0, -179.9) == pytest.approx(22.24, abs=0.01)
    assert distance_km(90, 0, -90, 77) == pytest.approx(math.pi * EARTH_KM)
    assert distance_km(10, 20, 10, 20) == 0


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("km", RADII)
def test_a_circle_holds_what_is_within_its_radius_and_nothing_else(centre: tuple[float, float], km: float) -> None:
    shape, chance = circle(*centre, km), random.Random(7)
    assert shape.is_valid
    for _ in range(150):
        lat, lon = a_place_about(chance, *centre, km * 0.98)
        assert shape.intersects(shapely.Point(lon, lat)), (lat, lon)
        lat, lon = a_place_about(chance, *centre, km * 1.02)
        assert not shape.intersects(shapely.Point(lon, lat)), (lat, lon)


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("km", RADII)
def test_places_anywhere_are_in_a_circle_if_they_are_near_enough(centre: tuple[float, float], km: float) -> None:
    shape, chance = circle(*centre, km), random.Random(11)
    for _ in range(300):
        lat, lon = a_place(chance)
        away = distance_km(*centre, lat, lon)
        if abs(away - km) > 0.02 * km:
            assert shape.intersects(shapely.Point(lon, lat)) == (away < km), (lat, lon, away)


def test_a_circle_stays_on_the_map_and_covers_a_pole_whole() -> None:
    for centre in CENTRES:
        west, south, east, north = circle(*centre, 1500).bounds
        assert west >= -180 and east <= 180 and south >= -90 and north <= 90
    assert circle(89.0, 10.0, 500).covers(shapely.LineString([(-180, 90), (180, 90)]))
    assert circle(-90.0, 0.0, 100).covers(shapely.LineString([(-180, -90), (180, -90)]))


def test_a_circle_over_the_antimeridian_is_cut_there() -> None:
    assert [part.bounds[0] for part in shapely.get_parts(circle(0, 180, 50))].count(-180.0) == 1
    assert circle(0, 180, 50).intersects(shapely.Point(-179.9, 0))


def test_a_circle_as_large_as_the_globe_is_the_whole_map() -> None:
    assert circle(12, 34, 20100).equals(shapely.box(-180, -90, 180, 90))


def test_a_circle_without_a_radius_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0"):
        circle(0, 0, 0)


@pytest.mark.parametrize("km", [0.1, 1.0, 5.0, 200.0])
def test_rounding_moves_no_point_farther_than_promised(km: float) -> None:
    chance, farthest = random.Random(3), 0.0
    for lat, lon in [a_place(chance) for _ in range(20_000)] + [
        (90, 5),
        (-90, 5),
        (89.9999, 1),
        (0, 180),
        (0, -180),
    ]:
        new = rounded(lat, lon, km)
        assert -90 <= new[0] <= 90 and -180 <= new[1] <= 180
        farthest = max(farthest, distance_km(lat, lon, *new))
    assert farthest <= km
    assert farthest > 0.8 * km


def test_rounding_a_rounded_point_leaves_it_where_it_is() -> None:
    chance = random.Random(5)
    for lat, lon in [a_place(chance) for _ in range(2000)]:
        once = rounded(lat, lon)
        assert rounded(*once) == once


def test_neighbours_of_one_cell_are_rounded_to_one_point() -> None:
    assert rounded(48.85660, 2.35220) == rounded(48.85663, 2.35225)


def test_rounding_to_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="round"):
        rounded(1, 2, 0)
