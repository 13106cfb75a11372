"""An HTML form's fields as the JSON that the API takes, and faults back to the fields."""

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from services.ingest import places
from services.ingest.rules import Fault
from services.ingest.words import fault_text
from shared.geo import Regions
from shared.messages import Language, Point

Form = MultiDict[str, str]


def report_json(form: Form, photos: Iterable[str], language: Language, regions: Regions) -> dict[str, Any]:
    """The report written in `form`, with the kept photos of these ids."""
    return {
        "child": _part(form, "child", "name", "sex", "appearance") | {"born": form.get("child.born") or None},
        "last_seen": _part(form, "last_seen", "circumstances")
        | _place(form, "last_seen.", language, regions)
        | {"at": _at(form, "last_seen.at")},
        "reporter": _part(form, "reporter", "name", "relation", "email", "phone"),
        "photos": [
            {
                "taken": form.get(f"photo.{id_}.taken") or None,
                "age": form.get(f"photo.{id_}.age") or None,
                "face": _spot(form.get(f"photo.{id_}.face")),
            }
            for id_ in photos
        ],
        "language": language,
        "consent": form.get("consent") == "yes",
    }


def sighting_json(form: Form, photos: Iterable[str], language: Language, regions: Regions) -> dict[str, Any]:
    """The sighting written in `form`, with the kept photos of these ids."""
    danger = {"yes": True, "no": False}.get(form.get("in_danger", ""))
    photos_json = []
    for id_ in photos:
        faces = [spot for text in form.getlist(f"photo.{id_}.face") if (spot := _spot(text))]
        photos_json.append({"faces": faces or None, "age": form.get(f"photo.{id_}.age") or None})
    return (
        {name: form.get(name, "") for name in ("note", "contact", "alert")}
        | {"seen_at": _at(form, "seen_at"), "in_danger": danger}
        | {"photos": photos_json, "language": language}
        | _place(form, "", language, regions)
    )


def faults_by_field(faults: Iterable[Fault], form: Form, photos: Sequence[str]) -> dict[str, str]:
    """What to say at which field of the form, in the order of the faults. `photos` are the ids of the kept photos."""
    said: dict[str, str] = {}
    for fault in faults:
        field = _field(fault.pointer.removeprefix("#/").split("/"), photos)
        if field.rpartition(".")[2] in ("lat", "lon"):
            field = field[:-3] + "point"
            fault = _point_fault(fault, form.get(field, ""))
        said.setdefault(field, fault_text(fault))
    return said


def _field(parts: list[str], photos: Sequence[str]) -> str:
    """A pointer's field: of a photo it is named by the photo's id, as photos come and go."""
    match parts:
        case ["photos", index, part, *_] if index.isdigit() and int(index) < len(photos):
            return f"photo.{photos[int(index)]}.{part}"
    return ".".join(parts)


def _point_fault(fault: Fault, written: str) -> Fault:
    """The form has one field for the point, and says more exactly what is wrong with it."""
    if fault.code != "missing":
        return fault
    return Fault(fault.pointer, "unreadable_place" if written.strip() else "no_point")


def _part(form: Form, part: str, *names: str) -> dict[str, str]:
    return {name: form.get(f"{part}.{name}", "") for name in names}


def _place(form: Form, prefix: str, language: Language, regions: Regions) -> dict[str, Any]:
    """Words and point of a place. Where only a region is known the words say so, as the point cannot."""
    place, region = form.get(f"{prefix}place", "").strip(), form.get(f"{prefix}region", "")
    if region:
        found = places.in_region(region, regions, language)
    else:
        found = places.find(form.get(f"{prefix}point", ""), regions, language)
    if not found:
        return {"place": place}
    if found.region and place:
        place = f"{place} (≈ {found.region})"
    return {"place": place, "lat": found.lat, "lon": found.lon}


def _at(form: Form, field: str) -> str | None:
    """The day and the time, on the clock of the place."""
    day, time = form.get(f"{field}.day", "").strip(), form.get(f"{field}.time", "").strip()
    return f"{day}T{time}" if day and time else None


def marks(form: Form, photo: str) -> list[Point]:
    """The points on the faces that were chosen in a kept photo; what is no point is left to `read` to name."""
    found = []
    for text in form.getlist(f"photo.{photo}.face"):
        try:
            x, y = (float(part) for part in text.split(","))
        except ValueError:
            continue
        found.append((x, y))
    return found


def _spot(text: str | None) -> list[str] | None:
    return text.split(",") if text else None
