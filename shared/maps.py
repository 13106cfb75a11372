"""Small maps as inline SVG: outlines of regions, circles, points, a scale bar. No script, no third party.

The picture has no colours of its own: shared/web/static/map.css has them, for light and dark.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

import shapely
from markupsafe import Markup
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from shared.geo import DEGREE_KM
from shared.mapframe import Frame, Outline, Pin, Ring, disc_of, fit
from shared.regions import Regions

__all__ = ["Frame", "Outline", "Pin", "Ring", "alert_map", "fit", "svg_map"]

BUDGET = 40_000
"""Characters that all outlines together may take; above it they are drawn with less detail."""
_FONT = 14
_DETAILS = (0.4, 1.0, 2.0, 4.0, 8.0)
_WAY = Markup('<path class="map-way" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>')
_TOWN = Markup('<circle class="map-town" cx="{:.1f}" cy="{:.1f}" r="2.5"/>')
_POINT = Markup('<circle class="map-point" cx="{:.1f}" cy="{:.1f}" r="7"/>')


def alert_map(
    regions: Regions,
    codes: Iterable[str],
    pin: Pin,
    km: float,
    *,
    language: str,
    title: str,
    description: str = "",
    polygon: BaseGeometry | None = None,
    frame: Frame | None = None,
    wider: Sequence[float] = (),
) -> Markup:
    """The map of an alert: its regions and their neighbours, the area to look in (a circle or a polygon), the place
    last seen; `wider` are the radii that are to follow. `frame` is what is shown, if not just that."""
    rings = [] if polygon else [Ring(pin.lat, pin.lon, km)]
    coming = [Ring(pin.lat, pin.lon, each) for each in wider]
    frame, wanted = frame or fit_area(pin, max((km, *wider)), polygon), set(codes)
    near = {code for bounds in frame.on_map() for code in regions.touching(*bounds)}
    outlines = [
        Outline(regions.shape(code), regions.get(code).name(language), faint=code not in wanted)
        for code in sorted(near | wanted, key=lambda code: (code in wanted, code))
    ]
    areas = [polygon] if polygon else []
    return svg_map(
        outlines, [pin], rings, title=title, description=description, frame=frame, areas=areas, coming=coming
    )


def fit_area(pin: Pin, km: float, polygon: BaseGeometry | None = None) -> Frame:
    """The frame that holds the place last seen and all of the area."""
    if polygon is None:
        return fit([], [pin], [Ring(pin.lat, pin.lon, km)])
    west, south, east, north = polygon.bounds
    return fit([], [pin, Pin(south, west), Pin(north, east)], [])


def svg_map(
    shapes: Sequence[Outline],
    points: Sequence[Pin] = (),
    circles: Sequence[Ring] = (),
    size: tuple[int, int] = (640, 420),
    title: str = "",
    description: str = "",
    frame: Frame | None = None,
    areas: Sequence[BaseGeometry] = (),
    ways: Sequence[tuple[Pin, Pin]] = (),
    towns: Sequence[Pin] = (),
    coming: Sequence[Ring] = (),
) -> Markup:
    """An `<svg role="img">` for a page, below 60 kB. It fits the circles and points, else the shapes.

    `areas` are drawn as circles are; `ways` are straight lines from one place to another; `towns` are small dots to
    find one's way by, named where there is room; `coming` are circles that do not hold yet, with their radii.
    """
    frame = frame or fit(shapes, points, circles, size)
    width, height = frame.size
    drawn = [(outline, frame.draw(outline.shape)) for outline in shapes]
    parts = [
        Markup('<svg class="map" role="img" aria-label="{}" viewBox="0 0 {} {}">').format(
            f"{title}. {description}" if description else title, width, height
        ),
        Markup("<title>{}</title><desc>{}</desc>").format(title, description),
        Markup('<rect class="map-sea" width="{}" height="{}"/>').format(width, height),
        *_outlines(drawn),
        *[_path("map-circle", frame.draw(disc_of(ring)), 0.2) for ring in circles],
        *[_path("map-circle", frame.draw(area), 0.2) for area in areas],
        *[_path("map-coming", frame.draw(disc_of(ring)), 0.2) for ring in coming],
        *[_WAY.format(*frame.place(start.lat, start.lon), *frame.place(end.lat, end.lon)) for start, end in ways],
        *[_TOWN.format(*frame.place(town.lat, town.lon)) for town in towns],
        *[_POINT.format(*frame.place(pin.lat, pin.lon)) for pin in points],
        *_labels(frame, drawn, points, towns, [*circles, *coming] if coming else ()),
        _scale_bar(frame),
        Markup("</svg>"),
    ]
    return Markup("\n").join(parts)


def _outlines(drawn: Sequence[tuple[Outline, BaseGeometry]]) -> list[Markup]:
    """The outlines in as much detail as the budget allows."""
    paths: list[Markup] = []
    for detail in _DETAILS:
        paths = [_path("map-land" if item.faint else "map-region", shape, detail) for item, shape in drawn]
        if sum(map(len, paths)) <= BUDGET:
            break
    return paths


def _path(css: str, shape: BaseGeometry, detail: float) -> Markup:
    """The polygons of a shape in pixels, without what is smaller than `detail`."""
    polygons = [part for part in shapely.get_parts(shape.simplify(detail)) if part.geom_type == "Polygon"]
    rings = [ring for part in polygons if part.area > detail * detail for ring in (part.exterior, *part.interiors)]
    data = "".join(_ring_path(list(ring.coords)[:-1]) for ring in rings)
    return Markup('<path class="{}" d="{}"/>').format(css, data) if data else Markup()


def _ring_path(corners: Sequence[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_ in corners) + "Z"


def _labels(
    frame: Frame, drawn: Sequence[tuple[Outline, BaseGeometry]], points: Sequence[Pin], towns: Sequence[Pin],
    rings: Sequence[Ring],
) -> list[Markup]:  # fmt: skip
    """Names, the most important first, each where nothing is written yet, or else left out."""
    page = shapely.box(0, 0, *frame.size)
    taken = [shapely.box(0, frame.size[1] - 44, frame.size[0] / 2, frame.size[1])]
    for x, y in (frame.place(pin.lat, pin.lon) for pin in points):
        taken.append(shapely.box(x - 12, y - 12, x + 12, y + 5))
    found = []
    for text, css, spots in (*_radii(frame, rings), *_names(frame, drawn, points, towns)):
        for x, y in spots:
            room = _room(text, x, y)
            if page.contains(room) and not any(room.intersects(other) for other in taken):
                taken.append(room)
                found.append(Markup('<text class="{}" x="{:.0f}" y="{:.0f}">{}</text>').format(css, x, y, text))
                break
    return found


def _radii(frame: Frame, rings: Sequence[Ring]) -> Iterator[tuple[str, str, list[tuple[float, float]]]]:
    """The radius of each ring, to stand at its top, or at its foot."""
    for ring in rings:
        up = ring.km / DEGREE_KM
        x, top = frame.place(ring.lat + up, ring.lon)
        _, foot = frame.place(ring.lat - up, ring.lon)
        yield f"{ring.km:g} km", "map-radius", [(x, top + 5), (x, foot + 5)]


def _names(
    frame: Frame, drawn: Sequence[tuple[Outline, BaseGeometry]], points: Sequence[Pin], towns: Sequence[Pin]
) -> Iterator[tuple[str, str, list[tuple[float, float]]]]:
    """What is to be written: the text, its class, and where it could stand, the best place first."""
    for pin in points:
        x, y = frame.place(pin.lat, pin.lon)
        yield pin.label, "map-name", [(x, y + 24), (x, y - 22)] if pin.label else []
    for town in towns:
        x, y = frame.place(town.lat, town.lon)
        yield town.label, "map-town-name", [(x, y - 7), (x, y + 17)]
    for item, shape in sorted(drawn, key=lambda pair: pair[0].faint):
        if item.label and shape.area > 400:
            yield item.label, "map-label-faint" if item.faint else "map-label", _spots(shape)


def _spots(shape: BaseGeometry) -> list[tuple[float, float]]:
    """A point inside, or higher or lower inside."""
    middle = shape.representative_point()
    moved = [translate(middle, 0, up) for up in (0, -50, 50, -100, 100)]
    return [(spot.x, spot.y) for spot in moved if shape.intersects(spot)]


def _room(text: str, x: float, y: float) -> BaseGeometry:
    half = sum(_FONT if ord(letter) > 0x2E80 else _FONT * 0.6 for letter in text) / 2
    return shapely.box(x - half - 6, y - _FONT - 4, x + half + 6, y + 8)


def _scale_bar(frame: Frame) -> Markup:
    """A bar of 1, 2 or 5 times a power of ten kilometres, at most a quarter of the width."""
    pixels = frame.scale / DEGREE_KM
    most = frame.size[0] / 4 / pixels
    power = 10 ** math.floor(math.log10(most))
    km = next(times * power for times in (5, 2, 1) if times * power <= most)
    y = frame.size[1] - 16
    bar = Markup('<path class="map-scale" d="M16 {}v6h{:.1f}v-6"/>').format(y - 6, km * pixels)
    return bar + Markup('<text class="map-scale-text" x="16" y="{}">{:g} km</text>').format(y - 12, km)
