"""The clock of a place."""

from datetime import datetime, timedelta

import pytest

from shared.clock import Clock


@pytest.mark.parametrize(
    ("country", "lat", "lon", "month", "hours"),
    [
        ("FR", 45.76, 4.84, 1, 1),  # Lyon
        ("FR", 45.76, 4.84, 7, 2),
        ("ES", 42.2, -8.7, 1, 1),  # Vigo, nearer to Lisbon than to Madrid
        ("GB", 51.5, -0.1, 1, 0),  # London
        ("CN", 31.2, 121.5, 7, 8),  # Shanghai
        ("CN", 43.8, 87.6, 7, 8),  # Urumqi keeps Beijing's clock
        ("IN", 28.6, 77.2, 7, 5.5),  # Delhi
        ("NZ", -36.8, 174.8, 1, 13),  # Auckland in summer
        ("US", 40.7, -74.0, 1, -5),  # New York
    ],
)
def test_the_zone_of_a_place(country: str, lat: float, lon: float, month: int, hours: float) -> None:
    clock = Clock(lambda lat, lon: (f"{country}-XX", country))
    assert datetime(2026, month, 15, 12, tzinfo=clock.zone_at(lat, lon)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(("lat", "lon"), [(90, 0), (-90, 180), (0, -180), (0, 0), (53, 180)])
def test_every_point_of_the_globe_has_a_clock(lat: float, lon: float) -> None:
    assert datetime(2026, 1, 1, tzinfo=Clock(lambda lat, lon: ()).zone_at(lat, lon)).utcoffset() is not None
