"""Where, on a page: the map's buttons and taps, the search for names, and what they make of the form's fields."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from services.ingest import places, tapmap
from services.ingest.gazetteer import Town
from services.ingest.point import read_point
from services.ingest.tapmap import View
from services.ingest.views.context import language, tools
from services.ingest.views.country import country

_ASKS = ("tap.x", "move", "pick", "here")


@dataclass(frozen=True)
class Names:
    """What the fields of a place are called in a form."""

    place: str
    point: str
    region: str
    view: str

    @classmethod
    def after(cls, prefix: str) -> "Names":
        return cls(*(prefix + name for name in ("place", "point", "region", "view")))


LAST_SEEN, SEEN = Names.after("last_seen."), Names.after("")
"""Of the report's step, and of a sighting."""


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


def applied(fields: dict[str, str], names: Names) -> dict[str, str]:
    """The form's fields after a tap, a button or a pick."""
    view = View.read(request.form.get("view", "")) or _view(fields, names)
    point = _chosen(view)
    if point:
        near = max(view.near, 8) if "pick" in request.form or "here" in request.form else view.near + 1
        chosen = {names.point: f"{point[0]:.4f}, {point[1]:.4f}", names.view: tapmap.around(point, near).write()}
        return {name: text for name, text in (fields | chosen).items() if name != names.region}
    if "move" in request.form:
        return fields | {names.view: view.moved(request.form["move"]).write()}
    written = read_point(fields.get(names.point, ""))
    if written and not view.shows(*written):
        return {name: text for name, text in fields.items() if name != names.view}  # a point was written by hand
    return fields


def tap_map(fields: dict[str, str], names: Names, errors: Mapping[str, str]) -> TapMap:
    """The map for these fields; what is wrong with the point is looked for at once."""
    searched = _searched(names, errors)
    room, point = tools(), read_point(fields.get(names.point, ""))
    view = _view(fields, names)
    shown = point if point and abs(point[0]) <= 90 and abs(point[1]) <= 180 else None
    picture = tapmap.picture(view, shown, room.regions, room.towns, language())
    return TapMap(picture, tapmap.SIDE, view.write(), _name(shown), search(searched or ""), searched or "")


def _searched(names: Names, errors: Mapping[str, str]) -> str | None:
    """What to look for on the map: what was asked for, else the words of a place that has no point yet."""
    if request.form.get("act") == "place" and not asked():
        return request.form.get("find", "").strip() or request.form.get(names.place, "")
    if names.point not in errors:
        return None
    return request.form.get(names.point, "").strip() or request.form.get(names.place, "")


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


def _view(fields: dict[str, str], names: Names) -> View:
    if view := View.read(fields.get(names.view, "")):
        return view
    point = read_point(fields.get(names.point, ""))
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
