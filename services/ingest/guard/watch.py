"""The guard's own tools, made once for the door's process."""

import shutil
from dataclasses import dataclass

from services.ingest.guard.counters import Counters
from services.ingest.guard.passes import Office
from services.ingest.guard.rules import MEGABYTE, Allowance
from shared.room import Room


@dataclass(frozen=True)
class Watch:
    """`floor` is in bytes."""

    room: Room
    counters: Counters
    office: Office
    floor: int

    def free(self) -> int:
        """Bytes free where the state folder is."""
        return shutil.disk_usage(self.room.settings.home).free


def watch(room: Room) -> Watch:
    """Keys come from the room's own, so that every process of the door has the same."""
    settings = room.settings
    key = room.keys.derived("guard of the door")
    allowance = Allowance(settings.network_sends_per_hour, settings.network_megabytes_per_day)
    counters = Counters(room.queue.connection, key, allowance)
    return Watch(room, counters, Office(key), settings.disk_floor_megabytes * MEGABYTE)
