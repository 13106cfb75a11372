"""The queue process of the matcher, the only one it has: it has no door."""

import functools
import logging
from datetime import timedelta

from flask import Flask
from sqlalchemy import make_url

from services.matcher import learned, store
from services.matcher.gallery import Gallery
from services.matcher.gallery.memory import MemoryGallery
from services.matcher.gallery.postgres import PostgresGallery
from services.matcher.handlers import HANDLERS
from services.matcher.models import db
from services.matcher.packs import FacePack, open_pack
from services.matcher.tools import Tools
from shared.bus import Handler
from shared.config import Settings
from shared.db import open_database
from shared.keys import Directory
from shared.messages import Message
from shared.room import open_room
from shared.worker import run_worker

log = logging.getLogger("homeward.matcher")

SWEEP_EVERY_S = 3600.0
TEND_EVERY_S = 1.0
LEARN_EVERY_S = 600.0
SEARCHES_KEPT = timedelta(days=1)


def main(settings: Settings) -> None:
    """Works until it is told to stop. Raises ConfigError where a key, a model or a licence is missing."""
    app, tools = open_worker(settings)
    with app.app_context():
        count = tools.gallery.refresh(db.session(), tools.chosen.now(db.session()).metric)
        log.info("%d templates of the pack %s", count, tools.pack.name)
        db.session.rollback()
    every = [(SWEEP_EVERY_S, functools.partial(sweep, tools)), (TEND_EVERY_S, functools.partial(tend, tools)),
             (LEARN_EVERY_S, functools.partial(learn, tools))]  # fmt: skip
    run_worker(app, tools.room.bus, tools.room.queue, bound(tools), every)


def open_worker(settings: Settings, pack: FacePack | None = None) -> tuple[Flask, Tools]:
    """The worker's application context and tools; opens the pack that is set unless one is given."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("matcher"))
    room = open_room("matcher", db, settings)
    pack = pack or open_pack(settings)
    gallery = open_gallery(settings.database_url("matcher"), pack, room.keys.directory)
    return app, Tools(room, pack, gallery, learned.Chosen(pack))


def open_gallery(database_url: str, pack: FacePack, directory: Directory) -> Gallery:
    """pgvector where the database is PostgreSQL; elsewhere a cache in memory."""
    in_postgres = make_url(database_url).get_backend_name() == "postgresql"
    return PostgresGallery(pack, directory) if in_postgres else MemoryGallery(pack, directory)


def bound(tools: Tools) -> dict[type[Message], Handler]:
    """The table of handlers with `tools` in each one's hand, as the bus calls them."""
    return {kind: functools.partial(handler, tools=tools) for kind, handler in HANDLERS.items()}


def sweep(tools: Tools) -> None:
    """Forgets that closed searches ever were, a day later."""
    with tools.room.bus.work() as work:
        store.sweep(work.session, work.now - SEARCHES_KEPT)


def tend(tools: Tools) -> None:
    """What the gallery can do beside the searches."""
    session = db.session()
    metric = tools.chosen.now(session).metric
    session.rollback()
    tools.gallery.tend(session, metric)


def learn(tools: Tools) -> None:
    """Puts a new matching into use where there is enough more to learn from."""
    with tools.room.bus.work() as work:
        learned.relearn(work.session, tools.pack, tools.chosen, work.now)
