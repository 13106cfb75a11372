"""The web process of the police desk. It does not hold the privacy gate's key: only the worker does."""

from flask import Flask

from services.review import views
from services.review.candidates.aligning import Aligner
from services.review.models import db
from services.review.tools import Tools
from shared.config import Settings
from shared.db import open_database
from shared.geo import Regions
from shared.http import open_door
from shared.regions import OWN
from shared.room import open_room
from shared.throttle import Throttle


def create_app(settings: Settings) -> Flask:
    """The desk's app. Raises ConfigError if a setting is absurd."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("review"))
    open_door(app, settings, "review")
    app.extensions["homeward"] = Tools(room=open_room("review", db, settings), regions=Regions(own=settings.home / OWN))
    app.extensions["throttle"] = Throttle()
    app.extensions["aligner"] = Aligner(settings)
    views.register(app)
    return app
