"""What a view or a handler of this room works with."""

from dataclasses import dataclass, field

from services.ingest.gazetteer import Gazetteer
from shared.clock import Clock
from shared.faces import YuNet
from shared.geo import Regions
from shared.room import Room


@dataclass(frozen=True)
class Tools:
    """The room itself, the eye that finds faces (it knows nobody), the world's regions, towns and clocks."""

    room: Room
    faces: YuNet
    regions: Regions
    towns: Gazetteer = field(default_factory=Gazetteer)

    @property
    def clock(self) -> Clock:
        return Clock(self.regions.at)
