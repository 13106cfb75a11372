"""The queue process of the alerts room: publishes what the desk approved, and ends what time has ended."""

import functools

from flask import Flask

from services.alerts.handlers import HANDLERS, expire
from services.alerts.models import db
from services.alerts.tools import Tools
from shared.bus import Handler
from shared.config import Settings
from shared.db import open_database
from shared.messages import Message
from shared.regions import OWN, Regions
from shared.room import open_room
from shared.worker import run_worker

EXPIRE_EVERY_S = 5.0


def main(settings: Settings) -> None:
    """Works until it is told to stop. Raises ConfigError where a key is missing."""
    app, tools = open_worker(settings)
    every = [(EXPIRE_EVERY_S, functools.partial(expire, tools))]
    run_worker(app, tools.room.bus, tools.room.queue, bound(tools), every)


def open_worker(settings: Settings) -> tuple[Flask, Tools]:
    """The worker's application context and tools: no views."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("alerts"))
    return app, Tools(open_room("alerts", db, settings), Regions(own=settings.home / OWN))


def bound(tools: Tools) -> dict[type[Message], Handler]:
    """The table of handlers with `tools` in each one's hand, as the bus calls them."""
    return {kind: functools.partial(handler, tools=tools) for kind, handler in HANDLERS.items()}
