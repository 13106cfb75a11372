"""From JSON to a valid report or sighting, or to all the faults that are to mend, found in one go."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError

from services.ingest import rules
from services.ingest.rules import Fault, PhotoNote, Report, SeenNote, Sighting
from services.ingest.schemas import ReportSchema, SightingSchema
from shared.clock import Clock
from shared.messages import Child, LastSeen, Reporter

_FORM = (
    "child", "in_danger", "seen_at", "place", "lat", "lon", "note", "photos", "last_seen", "reporter", "contact",
)  # fmt: skip
_PART = (
    "name", "born", "sex", "appearance", "at", "place", "lat", "lon", "circumstances", "relation", "phone", "email",
)  # fmt: skip


class Invalid(Exception):
    """What came in cannot be taken as it is. `faults` has all that is to mend, in the order of the form."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} to mend")
        self.faults = faults


def read_report(raw: object, photos: int, now: datetime, clock: Clock) -> Report:
    """The report in `raw`, which came with `photos` pictures. Raises Invalid."""
    data, faults = loaded(ReportSchema(), raw)
    child, seen, reporter = (_object(data.get(name)) for name in ("child", "last_seen", "reporter"))
    notes = [_object(note) for note in data.get("photos") or ()]
    at, day, today = _moment(seen.get("at"), seen, now, clock)
    born = child.get("born")
    faults += rules.photo_faults(photos, rules.REPORT_PHOTOS)
    faults += rules.child_faults(born, day, today)
    faults += rules.moment_faults("#/last_seen/at", at, now)
    if "reporter" in data and "#/reporter" not in {fault.pointer for fault in faults}:
        faults += rules.reach_faults(reporter.get("email"), reporter.get("phone"))
    faults += rules.taken_faults(tuple(note.get("taken") for note in notes), born, today)
    faults += rules.consent_faults(data.get("consent"))
    faults += _count_faults(notes, photos)
    if faults:
        raise Invalid(_in_order(faults))
    return Report(
        Child(**child),
        LastSeen(**seen | {"at": at}),
        Reporter(**reporter),
        tuple(PhotoNote(**note) for note in notes) or (PhotoNote(),) * photos,
        data["language"],
    )


def read_sighting(raw: object, photos: int, now: datetime, clock: Clock) -> Sighting:
    """The sighting in `raw`, which came with `photos` pictures. Raises Invalid."""
    data, faults = loaded(SightingSchema(), raw)
    notes = [_object(note) for note in data.pop("photos", ())]
    at, _, _ = _moment(data.get("seen_at"), data, now, clock)
    faults += rules.photo_faults(photos, rules.SIGHTING_PHOTOS)
    faults += rules.moment_faults("#/seen_at", at, now)
    faults += _count_faults(notes, photos)
    if faults:
        raise Invalid(_in_order(faults))
    seen = tuple(SeenNote(tuple(note.get("faces") or ()) or None, note.get("age")) for note in notes)
    return Sighting(**data | {"seen_at": at}, photos=seen or (SeenNote(),) * photos)


def loaded(schema: Schema, raw: object) -> tuple[dict[str, Any], list[Fault]]:
    """All that could be read of `raw`, and what could not: the rules then look at the part that is there."""
    try:
        return dict(schema.load(raw)), []  # type: ignore[arg-type]
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return dict(valid), list(_faults(error.messages, "#"))


def _faults(messages: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _faults(inner, pointer if name == "_schema" else f"{pointer}/{_escaped(name)}")
    else:
        code, _, limit = str(messages[0]).partition(":")
        yield Fault(pointer, code, int(limit) if limit else None)


def _moment(
    at: datetime | None, place: Mapping[str, Any], now: datetime, clock: Clock
) -> tuple[datetime | None, date | None, date]:
    """The moment in UTC, its day at the place, and today there. Unknown places keep the clock of Greenwich."""
    lat, lon = place.get("lat"), place.get("lon")
    zone = UTC if lat is None or lon is None else clock.zone_at(lat, lon)
    today = now.astimezone(zone).date()
    if at is None:
        return None, None, today
    there = at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    return there.astimezone(UTC), there.date(), today


def _count_faults(notes: list[dict[str, Any]], photos: int) -> Iterator[Fault]:
    if notes and len(notes) != photos:
        yield Fault("#/photos", "count_differs", photos)


def _object(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _escaped(name: object) -> str:
    return str(name)[:80].replace("~", "~0").replace("/", "~1")


def _in_order(faults: list[Fault]) -> tuple[Fault, ...]:
    """As the form asks. One fault a field: the first."""
    first = {fault.pointer: fault for fault in reversed(faults)}
    return tuple(sorted(first.values(), key=_rank))


def _rank(fault: Fault) -> tuple[int, int]:
    _, part, inner, *_ = [*fault.pointer.split("/"), "", ""]
    return (
        _FORM.index(part) if part in _FORM else len(_FORM),
        _PART.index(inner) if inner in _PART else len(_PART),
    )
