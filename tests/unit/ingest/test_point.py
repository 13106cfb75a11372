"""A point of the globe, however people paste it."""

import pytest

from services.ingest.point import read_point


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("48.8566, 2.3522", (48.8566, 2.3522)),
        ("48.8566 2.3522", (48.8566, 2.3522)),
        ("31.2304，121.4737", (31.2304, 121.4737)),
        ("(−33.9, 18.4)", (-33.9, 18.4)),
        ("48°30′00″N 2°15′0″W", (48.5, -2.25)),
        ("33.9° S, 18.4° E", (-33.9, 18.4)),
        ("https://www.google.com/maps/@48.85,2.35,15z", (48.85, 2.35)),
        ("https://maps.google.com/?q=48.85%2C2.35", (48.85, 2.35)),
        ("https://maps.apple.com/?ll=31.2,121.4&q=x", (31.2, 121.4)),
        ("https://www.openstreetmap.org/#map=15/48.85/2.35", (48.85, 2.35)),
        ("https://www.openstreetmap.org/?mlat=48.85&mlon=2.35#map=3/1/2", (48.85, 2.35)),
        ("geo:31.2,121.4", (31.2, 121.4)),
        ("999, 999", (999.0, 999.0)),
    ],
)
def test_a_point_is_read(pasted: str, expected: tuple[float, float]) -> None:
    assert read_point(pasted) == pytest.approx(expected)


@pytest.mark.parametrize(
    "pasted", ["", "the station", "nan, nan", "48.8566", "1,2,3", "inf inf", "\ud800", "9" * 100_000]
)
def test_what_is_no_point_is_none(pasted: str) -> None:
    assert read_point(pasted) is None
