"""What a page for people was asked to show: a region by its name or code, alerts of one status."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from services.alerts.live.answering import choose
from services.alerts.params import MOST, STATUSES
from services.alerts.schemas import Query
from services.alerts.store import Published
from services.alerts.views.context import tools
from shared.messages import CapStatus
from shared.regions import Region


@dataclass(frozen=True)
class Asked:
    """`unknown` says so where no region has the name `asked`; `items` are then none."""

    asked: str
    region: Region | None
    status: CapStatus
    items: tuple[Published, ...]
    unknown: str


def asked(most: int = MOST) -> Asked:
    """Exercises and tests only where they are asked for."""
    name = request.args.get("region", "").strip()
    found = tools().regions.search(name, limit=1) if name else ()
    region = found[0] if found else None
    status = STATUSES.get(request.args.get("status", "actual").lower(), "Actual")
    if name and region is None:
        return Asked(name, None, status, (), gettext("We know no region of this name."))
    live = tools().live
    query = Query(status=status, regions=(region.code,) if region else (), limit=most)
    return Asked(name, region, status, choose(live.now().of(status), live.groups, query).items, "")
