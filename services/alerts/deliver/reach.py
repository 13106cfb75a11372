"""Which regions' feeds an alert is in: what a change touches, and so whose files and whose subscribers."""

from collections.abc import Iterator

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.alerts import area
from services.alerts.models import Change
from shared.geo import within
from shared.messages import AlertContent
from shared.regions import Regions


def reach(content: AlertContent, regions: Regions) -> set[str]:
    """The codes of all regions whose canonical feed has this alert."""
    return {code for code in _candidates(content, regions) if area.in_region(content, code, regions)}


def touched(session: Session, alert_id: str, content: AlertContent, regions: Regions, *, ended: bool) -> list[str]:
    """What a change of an alert touches: where it is now, and where it was told of before. `ended`: nowhere now."""
    last = select(Change.regions).where(Change.alert_id == alert_id).order_by(Change.seq.desc()).limit(1)
    before = set(session.scalar(last) or ())
    return sorted(before if ended and before else before | reach(content, regions))


def _candidates(content: AlertContent, regions: Regions) -> set[str]:
    named = {each.code for each in regions.all() if _related(each.code, content.regions)}
    near = {code for part in shapely.get_parts(area.shape_of(content)) for code in regions.touching(*part.bounds)}
    return named | near | set(_parents(near, regions))


def _related(code: str, named: tuple[str, ...]) -> bool:
    return any(within(code, own) or within(own, code) for own in named)


def _parents(codes: set[str], regions: Regions) -> Iterator[str]:
    for code in codes:
        if (parent := regions.get(code).parent) is not None:
            yield parent
