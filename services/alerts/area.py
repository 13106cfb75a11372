"""Which alerts concern a place: an alert's area is its regions, and the polygon drawn for it or else the circle around
where the child was last seen."""

import functools

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from services.alerts.boxes import Box
from shared.geo import circle, distance_km, polygon, within
from shared.messages import AlertContent
from shared.regions import Regions

FINE = 720
"""Corners of half a circle that is held against borders: of a circle of 500 km the polygon lacks five metres."""


@functools.lru_cache(maxsize=512)
def ring(lat: float, lon: float, km: float) -> BaseGeometry:
    """The circle as a geometry in (lon, lat), cut at the antimeridian, with as many corners as a map needs."""
    return circle(lat, lon, km)


def shape_of(content: AlertContent) -> BaseGeometry:
    return polygon(content.polygon) if content.polygon else ring(content.lat, content.lon, content.radius_km)


@functools.lru_cache(maxsize=512)
def _fine_ring(lat: float, lon: float, km: float) -> BaseGeometry:
    return circle(lat, lon, km, FINE)


def _fine_shape(content: AlertContent) -> BaseGeometry:
    return shape_of(content) if content.polygon else _fine_ring(content.lat, content.lon, content.radius_km)


def in_region(content: AlertContent, code: str, regions: Regions) -> bool:
    """Whether the alert is for the region, for one inside it or around it, or its circle reaches into it."""
    if any(own == code or within(own, code) or within(code, own) for own in content.regions):
        return True
    return bool(shapely.intersects(_fine_shape(content), regions.shape(code)))


def in_box(content: AlertContent, box: Box, regions: Regions) -> bool:
    """Whether any of the alert's area lies in `box`."""
    shape = box.shape()
    if content.polygon:
        if shapely.intersects(shape_of(content), shape):
            return True
    elif box.km_to(content.lat, content.lon) <= content.radius_km:
        return True
    return any(shapely.intersects(regions.shape(code), shape) for code in content.regions)


def near(content: AlertContent, lat: float, lon: float, km: float, regions: Regions) -> bool:
    """Whether any of the alert's area lies within `km` of a point, on the sphere."""
    around = _fine_ring(lat, lon, km) if km > 0 else Point(lon, lat)
    if content.polygon:
        if shapely.intersects(shape_of(content), around):
            return True
    elif distance_km(lat, lon, content.lat, content.lon) <= content.radius_km + km:
        return True
    return any(shapely.intersects(regions.shape(code), around) for code in content.regions)
