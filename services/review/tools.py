"""What review's handlers and acts need besides the transaction they work in."""

from dataclasses import dataclass

from shared.geo import Regions
from shared.keys import GateKey
from shared.room import Room


@dataclass(frozen=True)
class Tools:
    """`gate` is the gate's signing key: the worker's alone, None in the web process."""

    room: Room
    regions: Regions
    gate: GateKey | None = None
