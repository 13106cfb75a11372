"""The queue process of the families' door: notes what the police desk says to families."""

import functools

from flask import Flask

from services.ingest import drafts, drawer, uploads
from services.ingest.handlers import HANDLERS
from services.ingest.models import db
from shared.bus import Handler
from shared.config import Settings
from shared.db import open_database
from shared.messages import Message
from shared.room import Room, open_room
from shared.worker import run_worker

SWEEP_EVERY_S = 3600.0


def main(settings: Settings) -> None:
    """Works until it is told to stop. Raises ConfigError where a key is missing."""
    app, room = open_worker(settings)
    clean = functools.partial(sweep, room)
    with app.app_context():
        clean()
    run_worker(app, room.bus, room.queue, bound(), [(SWEEP_EVERY_S, clean)])


def sweep(room: Room) -> None:
    """Throws away what was not sent in time."""
    for place in (drawer, uploads, drafts):
        place.sweep(room)


def open_worker(settings: Settings) -> tuple[Flask, Room]:
    """The worker's application context and room: it needs neither views nor the face detector."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("ingest"))
    return app, open_room("ingest", db, settings)


def bound() -> dict[type[Message], Handler]:
    """The table of handlers, as the bus calls them."""
    return dict(HANDLERS)
