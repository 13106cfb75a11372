"""The queue process of the alerts room: publishes what the desk approved, and does what time does to it."""

import functools
from collections.abc import Callable

from flask import Flask

from services.alerts.app import create_app
from services.alerts.deliver.courier import Courier
from services.alerts.deliver.desk import forget_old
from services.alerts.deliver.fanout import fan_out
from services.alerts.deliver.static import Static
from services.alerts.deliver.stores import open_static_store
from services.alerts.deliver.wire import Wire
from services.alerts.handlers import HANDLERS, expire
from services.alerts.models import db
from services.alerts.poster.press import Press
from services.alerts.retention import wipe_frozen
from services.alerts.tools import Tools
from services.alerts.widening import widen
from shared.bus import Handler
from shared.config import Settings
from shared.db import open_database
from shared.language import speak
from shared.messages import Message
from shared.regions import OWN, Regions
from shared.room import open_room
from shared.worker import run_worker

EXPIRE_EVERY_S = 5.0
WIDEN_EVERY_S = 5.0
PRINT_EVERY_S = 2.0
LOOK_EVERY_S = 0.2
FORGET_EVERY_S = 3600.0


def main(settings: Settings) -> None:
    """Works until it is told to stop. Raises ConfigError where a key is missing."""
    app, tools = open_worker(settings)
    wire = Wire(loopback=settings.webhooks_to_loopback)
    every: list[tuple[float, Callable[[], object]]] = [
        (EXPIRE_EVERY_S, functools.partial(expire, tools)),
        (WIDEN_EVERY_S, functools.partial(widen, tools)),
        (LOOK_EVERY_S, functools.partial(fan_out, tools)),
        (LOOK_EVERY_S, Courier(app, tools, wire).run),
        (PRINT_EVERY_S, Press(tools).run),
        (FORGET_EVERY_S, functools.partial(forget_old, tools)),
        (FORGET_EVERY_S, functools.partial(wipe_frozen, tools)),
    ]
    if (store := open_static_store(settings.static_store_url())) is not None:
        every.append((LOOK_EVERY_S, Static(create_app(settings), tools, store).refresh))
    run_worker(app, tools.room.bus, tools.room.queue, bound(tools), every)


def open_worker(settings: Settings) -> tuple[Flask, Tools]:
    """The worker's application context and tools: no views, but the words of posters."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("alerts"))
    speak(app)
    return app, Tools(open_room("alerts", db, settings), Regions(own=settings.home / OWN))


def bound(tools: Tools) -> dict[type[Message], Handler]:
    """The table of handlers with `tools` in each one's hand, as the bus calls them."""
    return {kind: functools.partial(handler, tools=tools) for kind, handler in HANDLERS.items()}
