"""What the handlers and views of this room need."""

from dataclasses import dataclass

from shared.regions import Regions
from shared.room import Room


@dataclass(frozen=True)
class Tools:
    room: Room
    regions: Regions
