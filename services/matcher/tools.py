"""What the matcher's handlers need besides the transaction they work in."""

from dataclasses import dataclass

from services.matcher.recognition import Recognitions
from shared.room import Room


@dataclass(frozen=True)
class Tools:
    """`packs.now(session)` answers which packs are in use, each with its gallery."""

    room: Room
    packs: Recognitions
