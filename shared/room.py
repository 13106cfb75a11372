"""What every process of a room has at hand: its settings, keys, bus and photo stores."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy import SQLAlchemy
from redis import Redis

from shared.blobs import BlobStore, discard, open_store
from shared.bus import Bus, utc_now
from shared.config import Settings
from shared.keys import RoomKeys, load_room_keys
from shared.queue import Queue


@dataclass(frozen=True)
class Room:
    """`blobs` is the room's own store, `incoming` the transit copies that others handed to it."""

    name: str
    settings: Settings
    keys: RoomKeys
    bus: Bus
    queue: Queue
    blobs: BlobStore
    incoming: BlobStore
    clock: Callable[[], datetime] = utc_now

    def outgoing(self, receiver: str) -> BlobStore:
        """Where to hand over photos to the room `receiver`."""
        return open_store(self.settings.store_url(), f"to-{receiver}")


def open_room(name: str, db: SQLAlchemy, settings: Settings, clock: Callable[[], datetime] = utc_now) -> Room:
    """The room `name` by its settings. Connects to nothing yet. Raises ConfigError, SealBroken."""
    keys = load_room_keys(settings.home / "keys", name)
    queue = Queue(
        Redis.from_url(settings.queue_url(), health_check_interval=30, socket_timeout=5, socket_connect_timeout=2)
    )
    store = settings.store_url()
    incoming = open_store(store, f"to-{name}")
    bus = Bus(db, keys, queue, clock, functools.partial(discard, incoming))
    return Room(name, settings, keys, bus, queue, open_store(store, name), incoming, clock)
