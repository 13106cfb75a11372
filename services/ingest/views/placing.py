"""Where, on a page: the map's buttons and taps, the search for names, and what they make of the step's fields."""

from dataclasses import dataclass

from flask import request

from services.ingest import places, tapmap
from services.ingest.gazetteer import Town
from services.ingest.point import read_point
from services.ingest.tapmap import View
from services.ingest.views.context import language, tools
from services.ingest.views.country import country

POINT, VIEW, REGION, PLACE = "last_seen.point", "last_seen.view", "last_seen.region", "last_seen.place"
_ASKS = ("tap.x", "move", "pick", "here")


@dataclass(frozen=True)
class Pick:
    """One answer of the search: a name that says which, and its point as it is posted."""

    name: str
    point: str


@dataclass(frozen=True)
class TapMap:
    """The map as the page shows it. `about` says in words what is chosen, or what is in its middle."""

    src: str
    side: int
    view: str
    about: str
    picks: tuple[Pick, ...]
    asked: str


def asked() -> bool:
    """Whether the form asks the map for something."""
    return any(name in request.form for name in _ASKS)


def applied(fields: dict[str, str]) -> dict[str, str]:
    """The step's fields after a tap, a button or a pick."""
    view = View.read(request.form.get("view", "")) or _view(fields)
    point = _chosen(view)
    if point:
        near = max(view.near, 8) if "pick" in request.form or "here" in request.form else view.near + 1
        kept = fields | {POINT: f"{point[0]:.4f}, {point[1]:.4f}", VIEW: tapmap.around(point, near).write()}
        return {name: text for name, text in kept.items() if name != REGION}
    if "move" in request.form:
        return fields | {VIEW: view.moved(request.form["move"]).write()}
    written = read_point(fields.get(POINT, ""))
    if written and not view.shows(*written):
        return {name: text for name, text in fields.items() if name != VIEW}  # a point was written by hand
    return fields


def tap_map(fields: dict[str, str], searched: str | None) -> TapMap:
    """The map for these fields; `searched` is what to look for, None for nothing."""
    room, point = tools(), read_point(fields.get(POINT, ""))
    view = _view(fields)
    shown = point if point and abs(point[0]) <= 90 and abs(point[1]) <= 180 else None
    picture = tapmap.picture(view, shown, room.regions, room.towns, language())
    return TapMap(picture, tapmap.SIDE, view.write(), _name(shown), search(searched or ""), searched or "")


def search(text: str) -> tuple[Pick, ...]:
    """Towns and regions of this name. An address is looked for from its end, until something is found."""
    room = tools()
    for part in places.parts(text):
        found = [Pick(_town(town), f"{town.lat}, {town.lon}") for town in room.towns.search(part)]
        for region in room.regions.search(part, 4):
            inside = places.in_region(region.code, room.regions, language())
            if inside:
                found.append(Pick(inside.region or region.code, f"{inside.lat}, {inside.lon}"))
        if found:
            return tuple({pick.name: pick for pick in reversed(found)}.values())[::-1]
    return ()


def _town(town: Town) -> str:
    """`Gothenburg, Västra Götaland, Sweden`."""
    regions = tools().regions
    codes = regions.at(town.lat, town.lon)
    where = places.full_name(regions.get(codes[0]), regions, language()) if codes else ""
    name = town.name(language())
    return f"{name}, {where}" if where and not where.startswith(f"{name},") else where or name


def _name(point: tuple[float, float] | None) -> str:
    """Where a point is, in words."""
    regions = tools().regions
    codes = regions.at(*point) if point else ()
    return places.full_name(regions.get(codes[0]), regions, language()) if codes else ""


def _view(fields: dict[str, str]) -> View:
    if view := View.read(fields.get(VIEW, "")):
        return view
    point = read_point(fields.get(POINT, ""))
    if point and abs(point[0]) <= 90 and abs(point[1]) <= 180:
        return tapmap.around(point)
    return tapmap.of_country(country(), tools().towns)


def _chosen(view: View) -> tuple[float, float] | None:
    if "here" in request.form:
        return view.lat, view.lon
    if "pick" in request.form:
        return read_point(request.form["pick"])
    try:
        x, y = (float(request.form.get(f"tap.{axis}", "")) for axis in "xy")
    except ValueError:
        return None
    inside = 0 <= x <= tapmap.SIDE and 0 <= y <= tapmap.SIDE and (x or y)  # the Enter key posts 0, 0
    return view.at(x, y) if inside else None
