"""Which matchings there were, and going back to one of them, or to what the pack starts with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher import learned
from services.matcher.matching import initial, loaded
from services.matcher.models import LearnedMetric
from services.matcher.packs import FacePack
from shared.errors import HomewardError

START = "plain"
"""The name of what a pack starts with: it knows of no age and learned nothing."""


@dataclass(frozen=True)
class Entry:
    """A matching of one pack, last put into use at `since`. `report` is what it was made of and how it fared."""

    version: str
    in_use: bool
    since: datetime
    report: Mapping[str, object]


def entries(session: Session, pack: FacePack) -> list[Entry]:
    """Every matching of the pack, the one used last first. What it starts with is not among them."""
    rows = session.scalars(
        select(LearnedMetric)
        .where(LearnedMetric.pack == pack.name, LearnedMetric.pack_version == pack.version)
        .order_by(LearnedMetric.activated_at.desc())
    )
    return [
        Entry(row.version, row.state == "active", row.activated_at or row.made_at, dict(row.report)) for row in rows
    ]


def report_of(session: Session, version: str) -> dict[str, object]:
    """What is noted of a matching; nothing of one that was never learned."""
    row = session.get(LearnedMetric, version)
    return dict(row.report) if row else {}


def seen(session: Session, pack: FacePack) -> dict[str, object]:
    """How many faces and confirmed pairs there are by now: until there are half as many again, `learned.relearn` leaves
    in use what was put into use knowing of these."""
    told = learned.lesson(session, pack)
    return {"seen": told.seen, "pairs": told.pairs.count}


def go_back(session: Session, pack: FacePack, version: str, now: datetime) -> str:
    """Puts an earlier matching into use, or what the pack starts with (`START`). Returns its version.

    Raises HomewardError for one that there is not.
    """
    if version == START:
        start = initial(pack.manifest.sections, pack.manifest.calibration)
        return learned.activate(session, pack, start, {"start": True, **seen(session, pack)}, now)
    row = session.get(LearnedMetric, version)
    if row is None or (row.pack, row.pack_version) != (pack.name, pack.version):
        raise HomewardError(
            f"The pack {pack.name} has no metric {version!r}; `homeward models metrics` shows those it has."
        )
    matching, report = loaded(bytes(row.arrays), version), dict(row.report)
    return learned.activate(session, pack, matching, {**report, **seen(session, pack)}, now)
