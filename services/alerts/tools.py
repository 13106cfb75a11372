"""What the handlers and views of this room need."""

import functools
from dataclasses import dataclass

from services.alerts.live.borders import Borders
from services.alerts.live.snapshot import Live
from shared.regions import Regions
from shared.room import Room


@dataclass(frozen=True)
class Tools:
    room: Room
    regions: Regions

    @functools.cached_property
    def borders(self) -> Borders:
        return Borders(self.regions)

    @functools.cached_property
    def live(self) -> Live:
        """The live alerts, loaded when they are first asked for."""
        return Live(self.room, self.borders)
