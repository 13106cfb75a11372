"""A change as the public is told of it: in /v1/changes, and by webhook."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.alerts import geojson, store
from services.alerts.models import Change
from services.alerts.store import Published
from shared.addresses import Addresses
from shared.keys import RoomKeys


def changes(
    session: Session, keys: RoomKeys, rows: Sequence[Change], now: datetime, where: Addresses
) -> list[dict[str, Any]]:
    """Changes, each with its alert as it stands at `now`. Of an alert that has ended since, there is no more than
    that."""
    ids = list({row.alert_id for row in rows})
    items = {item.alert.id: item for item in store.found(session, keys, ids, now)}
    return [_change(row, items.get(row.alert_id), where) for row in rows]


def _change(row: Change, item: Published | None, where: Addresses) -> dict[str, Any]:
    known = {"seq": row.seq, "kind": row.kind, "alert": row.alert_id, "at": geojson.iso(row.at)}
    return known | {
        "identifier": row.identifier,
        "state": item.state if item else None,
        "feature": geojson.feature(item, where) if item else None,
    }
