"""Which regions' feeds an alert is in: what a change touches, and so whose files and whose subscribers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.alerts.area import fine_shape
from services.alerts.live.borders import Borders
from services.alerts.models import Change
from shared.messages import AlertContent
from shared.regions import within


def reach(content: AlertContent, borders: Borders) -> set[str]:
    """The codes of all regions whose canonical feed has this alert."""
    named = {each.code for each in borders.regions.all() if _related(each.code, content.regions)}
    return named | borders.reached_by(fine_shape(content))


def touched(session: Session, alert_id: str, content: AlertContent, borders: Borders, *, ended: bool) -> list[str]:
    """What a change of an alert touches: where it is now, and where it was told of before. `ended`: nowhere now."""
    last = select(Change.regions).where(Change.alert_id == alert_id).order_by(Change.seq.desc()).limit(1)
    before = set(session.scalar(last) or ())
    return sorted(before if ended and before else before | reach(content, borders))


def _related(code: str, named: tuple[str, ...]) -> bool:
    return any(within(code, own) or within(own, code) for own in named)
