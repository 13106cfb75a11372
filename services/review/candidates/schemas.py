"""The personal part of a sighting, as it lies encrypted in its row."""

import json
from dataclasses import dataclass
from datetime import datetime

from shared.schema import schema_for


@dataclass(frozen=True)
class SightingDetails:
    """Where and when a child was seen, in the sender's words; how to reach the sender, if that was given."""

    seen_at: datetime
    place: str
    lat: float
    lon: float
    note: str
    contact: str | None = None


SIGHTING_DETAILS = schema_for(SightingDetails)


def dumped(details: SightingDetails) -> str:
    return json.dumps(SIGHTING_DETAILS.dump(details), ensure_ascii=False)


def loaded(text: str) -> SightingDetails:
    return SIGHTING_DETAILS.loads(text)  # type: ignore[no-any-return]
