"""What a feed may be asked for, read from the query; every mistake names its parameter."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from services.alerts.boxes import Box
from services.alerts.params import MOST, PARSERS, Cursor
from shared.messages import CapStatus
from shared.regions import Regions

MOST_REGIONS = 50
Faults = dict[str, list[str]]


@dataclass(frozen=True)
class Near:
    lat: float
    lon: float
    km: float


@dataclass(frozen=True)
class Query:
    """A feed's filters; all that are given must hold, of several regions any."""

    status: CapStatus = "Actual"
    regions: tuple[str, ...] = ()
    bbox: Box | None = None
    near: Near | None = None
    since: datetime | None = None
    limit: int = MOST
    cursor: Cursor | None = None
    lang: str = "en"

    def mark(self) -> str:
        """What tells these filters from others: a cursor goes on only where it came from."""
        return hashlib.sha256(repr((self.status, self.regions, self.bbox, self.near, self.since)).encode()).hexdigest()[
            :8
        ]


def check_cursor(query: Query) -> Query:
    """The query. Raises ValidationError where its cursor is another's."""
    if query.cursor is not None and query.cursor.mark != query.mark():
        raise ValidationError({"cursor": ["This cursor is of a feed with other filters; begin without one."]})
    return query


def read(args: MultiDict[str, str], regions: Regions) -> Query:
    """The query. Raises ValidationError, by parameter."""
    faults: Faults = {}
    found = each(args, PARSERS, faults, also=("region",))
    codes = tuple(dict.fromkeys(code.upper() for code in args.getlist("region")))
    unknown = [code for code in codes if not regions.known(code)]
    if len(codes) > MOST_REGIONS:
        faults["region"] = [f"At most {MOST_REGIONS} regions at a time."]
    elif unknown:
        faults["region"] = [f"There is no region {', '.join(map(repr, unknown))}. /v1/regions lists them all."]
    if "radius_km" in args and "point" not in args:
        faults["radius_km"] = ["A radius needs a point."]
    if faults:
        raise ValidationError(faults)
    km = found.pop("radius_km", 0.0)
    if "point" in found:
        found["near"] = Near(*found.pop("point"), km)
    return Query(regions=codes, **found)


def each(
    args: MultiDict[str, str], parsers: dict[str, Callable[[str], Any]], faults: Faults, also: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What is given of the parameters in `parsers`, parsed; all that is wrong with `args` goes into `faults`."""
    known = ", ".join((*also, *parsers))
    found: dict[str, Any] = {}
    for name, values in args.lists():
        if name in also:
            continue
        try:
            if name not in parsers:
                raise ValueError(f"There is no such parameter. There are: {known}.")
            if len(values) > 1:
                raise ValueError("Please give this once.")
            found[name] = parsers[name](values[0])
        except ValueError as error:
            faults[name] = [str(error)]
    return found
