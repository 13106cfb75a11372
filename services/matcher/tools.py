"""What the matcher's handlers need besides the transaction they work in."""

from dataclasses import dataclass

from services.matcher.gallery import Gallery
from services.matcher.learned import Chosen
from services.matcher.packs import FacePack
from shared.room import Room


@dataclass(frozen=True)
class Tools:
    room: Room
    pack: FacePack
    gallery: Gallery
    chosen: Chosen
