"""A change as the public is told of it: in /v1/changes, and by webhook."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.alerts import geojson, store
from services.alerts.models import Change
from shared.addresses import Addresses
from shared.keys import RoomKeys


def change(session: Session, keys: RoomKeys, row: Change, now: datetime, where: Addresses) -> dict[str, Any]:
    """A change, with its alert as it stands at `now`. Of an alert that has ended since, there is no more than that."""
    item = store.find(session, keys, row.alert_id, now)
    known = {"seq": row.seq, "kind": row.kind, "alert": row.alert_id, "at": geojson.iso(row.at)}
    return known | {
        "identifier": row.identifier,
        "state": item.state if item else None,
        "feature": geojson.feature(item, where) if item else None,
    }
