"""The personal part of a sighting, and an officer's checklist of features, as they lie encrypted in their rows."""

import json
from dataclasses import dataclass
from datetime import datetime

from services.review.candidates.checklist import Features
from shared.schema import schema_for


@dataclass(frozen=True)
class SightingDetails:
    """Where and when a child was seen, in the sender's words; how to reach the sender, if that was given.

    For an officer's probe it is where the child in care is, perhaps without a point on the map, the `purpose` in the
    officer's words and the `reference` of the file.
    """

    seen_at: datetime
    place: str
    lat: float | None
    lon: float | None
    note: str
    contact: str | None = None
    purpose: str = ""
    reference: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


SIGHTING_DETAILS = schema_for(SightingDetails)
FEATURES = schema_for(Features)


def dumped(details: SightingDetails) -> str:
    return json.dumps(SIGHTING_DETAILS.dump(details), ensure_ascii=False)


def loaded(text: str) -> SightingDetails:
    return SIGHTING_DETAILS.loads(text)  # type: ignore[no-any-return]
