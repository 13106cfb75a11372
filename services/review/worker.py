"""The queue process of the police desk: it alone holds the privacy gate's key."""

import functools

from flask import Flask

from services.review import audit_checkpoints
from services.review.cases import comparing, mailing, renewal, reviewing
from services.review.handlers import bound
from services.review.models import db
from services.review.oncall import calling, paging
from services.review.tidying import EVERY_S, tidy
from services.review.tools import Tools
from shared.config import Settings
from shared.db import open_database
from shared.geo import Regions
from shared.keys import load_gate_key
from shared.regions import OWN
from shared.room import open_room
from shared.worker import run_worker


def main(settings: Settings) -> None:
    """Works until it is told to stop. Raises ConfigError where a key is missing."""
    app, tools = open_worker(settings)
    clocks = [
        (EVERY_S, functools.partial(tidy, tools)),
        (audit_checkpoints.LOOKED_EVERY_S, functools.partial(audit_checkpoints.daily, tools)),
        (renewal.EVERY_S, functools.partial(renewal.renew, tools)),
        (comparing.EVERY_S, functools.partial(comparing.compare_new, tools)),
        (reviewing.EVERY_S, functools.partial(reviewing.raise_due, tools)),
        (paging.EVERY_S, functools.partial(paging.notice, tools)),
        (paging.EVERY_S, functools.partial(calling.send_due, tools)),
        (mailing.EVERY_S, functools.partial(mailing.send_due, tools)),
    ]
    run_worker(app, tools.room.bus, tools.room.queue, bound(tools), clocks)


def open_worker(settings: Settings) -> tuple[Flask, Tools]:
    """The worker's application context and tools: no views, and the gate's key."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("review"))
    gate = load_gate_key(settings.home / "keys")
    return app, Tools(open_room("review", db, settings), Regions(own=settings.home / OWN), gate)
