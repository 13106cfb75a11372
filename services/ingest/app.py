"""The web process of the families' door."""

from flask import Flask

from services.ingest import views
from services.ingest.guard.watch import watch
from services.ingest.models import db
from services.ingest.tools import Tools
from shared.config import Settings
from shared.db import open_database
from shared.faces import detector
from shared.geo import Regions
from shared.http import open_door
from shared.regions import OWN
from shared.room import open_room
from shared.throttle import Throttle

REQUEST_LIMIT = 220 * 1024 * 1024
"""Ten photos of 20 MB and what is written around them."""
TEXT_LIMIT = 4 * 1024 * 1024
"""What is written in a form: so much more than a field takes that who pasted a book is told so and loses nothing."""


def create_app(settings: Settings) -> Flask:
    """The door's app. Raises ConfigError if a setting is absurd."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("ingest"))
    open_door(app, settings, "ingest")
    app.config["MAX_CONTENT_LENGTH"] = REQUEST_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = TEXT_LIMIT
    tools = Tools(open_room("ingest", db, settings), detector(settings), Regions(own=settings.home / OWN))
    app.extensions["homeward"] = tools
    app.extensions["watch"] = watch(tools.room)
    app.extensions["throttle"] = Throttle()
    views.register(app)
    return app
