"""The map that is tapped to say where: drawn here, so that it works without script and asks nobody else."""

import base64
import functools
from dataclasses import dataclass
from pathlib import Path

import shapely

from services.ingest.gazetteer import Gazetteer
from shared import web
from shared.geo import Regions
from shared.mapframe import Frame, Outline, Pin
from shared.maps import svg_map
from shared.messages import Language

SIDE = 288
"""Pixels of a side: it fits the narrowest telephone, and a tap's pixels are then the map's."""
NEAREST, FARTHEST = 10, 2
_WORLD = 240.0
"""Degrees of latitude that would be seen at nearness 0; each step sees half."""
_HALF_WORLD, _COUNTRIES_UNTIL = 3, 5
_STYLES = ("tokens.css", "map.css")
MOVES = {"north": (0.35, 0), "south": (-0.35, 0), "east": (0, 0.35), "west": (0, -0.35)}


@dataclass(frozen=True)
class View:
    """What the map shows: its middle in degrees, and how near, FARTHEST to NEAREST."""

    lat: float
    lon: float
    near: int

    @classmethod
    def read(cls, text: str) -> "View | None":
        try:
            lat, lon, near = text.split(",")
            return cls(float(lat), float(lon), int(near)).kept()
        except (ValueError, OverflowError):
            return None

    def write(self) -> str:
        return f"{self.lat:.4f},{self.lon:.4f},{self.near}"

    def kept(self) -> "View":
        """The same on the globe. Raises ValueError for what is no place at all."""
        if not (abs(self.lat) <= 1000 and abs(self.lon) <= 1000):
            raise ValueError("not a place")
        lat, lon = max(-80.0, min(83.0, self.lat)), (self.lon + 180) % 360 - 180
        return View(lat, lon, max(FARTHEST, min(NEAREST, self.near)))

    @property
    def frame(self) -> Frame:
        return Frame(self.lat, self.lon, SIDE * 2**self.near / _WORLD, (SIDE, SIDE))

    def shows(self, lat: float, lon: float) -> bool:
        """Whether a point is on the map."""
        return all(0 <= pixel <= SIDE for pixel in self.frame.place(lat, lon))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The point under a pixel of the map."""
        frame = self.frame
        lat = self.lat - (y - SIDE / 2) / frame.scale
        lon = self.lon + (x - SIDE / 2) / frame.scale / frame.squeeze
        return max(-90.0, min(90.0, lat)), (lon + 180) % 360 - 180

    def moved(self, how: str) -> "View":
        """After a button: nearer, farther, or to one side."""
        if how in ("in", "out"):
            return View(self.lat, self.lon, self.near + (1 if how == "in" else -1)).kept()
        up, right = MOVES.get(how, (0, 0))
        span = _WORLD / 2**self.near
        return View(self.lat + up * span, self.lon + right * span / self.frame.squeeze, self.near).kept()


def around(point: tuple[float, float], near: int = 7) -> View:
    return View(point[0], point[1], near).kept()


def of_country(code: str, towns: Gazetteer) -> View:
    """A whole country; the world where there is no such country."""
    shape = towns.lands.get(code)
    if shape is None:
        return View(30, 10, FARTHEST)
    west, south, east, north = shape.bounds
    middle = shape.representative_point()
    span = max(north - south, (east - west) / 2 if east - west < 180 else 0, 0.5)
    near = next((near for near in range(NEAREST, FARTHEST, -1) if _WORLD / 2**near >= span), FARTHEST)
    return View(middle.y, middle.x, near).kept()


def picture(
    view: View, chosen: tuple[float, float] | None, regions: Regions, towns: Gazetteer, language: Language
) -> str:
    """The map as a `data:` address, with the chosen point."""
    frame, boxes = view.frame, view.frame.on_map()
    shapes = towns.far_lands if view.near <= _HALF_WORLD else towns.lands
    if view.near > _COUNTRIES_UNTIL:
        shapes = {code: regions.shape(code) for box in boxes for code in regions.touching(*box)}
    outlines = [
        Outline(shape, regions.get(code).name(language), True)
        for code, shape in sorted(shapes.items())
        if any(shapely.box(*box).intersects(shapely.box(*shape.bounds)) for box in boxes)
    ]
    named = [town for box in boxes for town in towns.within(*box)] if view.near > _HALF_WORLD else []
    svg = svg_map(
        outlines,
        [Pin(*chosen)] if chosen else [],
        frame=frame,
        size=(SIDE, SIDE),
        towns=[Pin(town.lat, town.lon, town.name(language)) for town in named],
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}"'
    whole = str(svg).replace("<svg", head, 1).replace("<title>", f"<style>{_style()}</style><title>", 1)
    return "data:image/svg+xml;base64," + base64.b64encode(whole.encode()).decode()


@functools.cache
def _style() -> str:
    """The house's colours and the map's, light and dark: a picture takes none from the page around it."""
    folder = Path(web.__file__).parent / "static"
    return " ".join(" ".join((folder / name).read_text().split()) for name in _STYLES)
