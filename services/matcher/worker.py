"""The queue process of the matcher, the only one it has: it has no door."""

import functools
import logging
from datetime import timedelta

from flask import Flask
from sqlalchemy import make_url

from services.matcher import changeover, learned, store
from services.matcher.gallery import Gallery, indexes
from services.matcher.gallery.memory import MemoryGallery
from services.matcher.gallery.postgres import PostgresGallery
from services.matcher.handlers import HANDLERS
from services.matcher.models import db
from services.matcher.packs import FacePack, open_pack
from services.matcher.recognition import Recognition, Recognitions
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
CHANGE_EVERY_S = 5.0
SEARCHES_KEPT = timedelta(days=1)


def main(settings: Settings) -> None:
    """Works until it is told to stop. Raises ConfigError where a key, a model or a licence is missing."""
    app, tools = open_worker(settings)
    with app.app_context():
        start(tools)
    every = [(SWEEP_EVERY_S, functools.partial(sweep, tools)), (TEND_EVERY_S, functools.partial(tend, tools)),
             (LEARN_EVERY_S, functools.partial(learn, tools)),
             (CHANGE_EVERY_S, functools.partial(change, tools))]  # fmt: skip
    run_worker(app, tools.room.bus, tools.room.queue, bound(tools), every)


def open_worker(settings: Settings, pack: FacePack | None = None) -> tuple[Flask, Tools]:
    """The worker's application context and tools; opens the pack that is set unless one is given."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("matcher"))
    room = open_room("matcher", db, settings)
    pack = pack or open_pack(settings)
    place, directory = settings.database_url("matcher"), room.keys.directory
    return app, Tools(room, Recognitions(settings, pack, lambda each: open_gallery(place, each, directory)))


def start(tools: Tools) -> None:
    """Declares the pack that is set, and makes ready to search with the one that serves."""
    with tools.room.bus.work() as work:
        changeover.declare(work, tools.packs.mine.pack.id)
    session = db.session()
    for each in tools.packs.now(session).all:
        count = each.gallery.refresh(session, each.chosen.now(session).metric)
        log.info("%d templates of the pack %s", count, each.pack.id)
    session.rollback()


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
    """What the galleries can do beside the searches. The coming pack's is loaded, so that the switch takes no time."""
    session = db.session()
    using = tools.packs.now(session)
    for each in using.all:
        metric = each.chosen.now(session).metric
        if each is using.coming:
            each.gallery.refresh(session, metric)
        session.rollback()
        each.gallery.tend(session, metric)


def learn(tools: Tools) -> None:
    """Puts a new matching into use where there is enough more to learn from."""
    for each in _in_use(tools):
        with tools.room.bus.work() as work:
            learned.relearn(work.session, each.pack, each.chosen, work.now)


def change(tools: Tools) -> None:
    """Goes over to the coming pack once every case was answered under it, and erases what no pack in use needs."""
    session = db.session()
    now = changeover.standing(session) if changeover.all_answered(session) else None
    session.rollback()
    if now and now.complete:
        learn(tools)  # while few were enrolled there was little to learn from
        tend(tools)  # and what was learned is made ready, so that the first search need not wait for it
        with tools.room.bus.work() as work:
            changeover.switch(work)
    elif now and now.too_few:
        tools.packs.tell_once(now.why_not)
    _erase_unused(tools)


def _erase_unused(tools: Tools) -> None:
    erased, some = 0, 1
    while some:
        with tools.room.bus.work() as work:
            some = changeover.erase_some(work)
        erased += some
    if erased:
        log.info("%d templates of packs that are no longer used were erased", erased)
        if db.engine.dialect.name == "postgresql":
            indexes.drop_unused(db.engine, [each.pack for each in _in_use(tools)])


def _in_use(tools: Tools) -> tuple[Recognition, ...]:
    session = db.session()
    using = tools.packs.now(session)
    session.rollback()
    return using.all
