"""The web process of the alerts room: feeds for newsrooms, pages for people."""

from flask import Flask

from services.alerts import views
from services.alerts.live.again import Again
from services.alerts.models import db
from services.alerts.tools import Tools
from services.alerts.views.answers import version
from services.alerts.views.asking import before_the_view
from shared.config import Settings
from shared.db import open_database
from shared.http import open_door
from shared.regions import OWN, Regions
from shared.room import open_room
from shared.web.alertpage import to_call


def create_app(settings: Settings) -> Flask:
    """The door's app. Raises ConfigError if a setting is absurd."""
    app = Flask(__name__)
    open_database(app, db, settings.database_url("alerts"))
    # Inside what open_door puts around it: the limits need the address that the proxy in front tells of.
    app.wsgi_app = Again(app, version, before_the_view)  # type: ignore[method-assign]
    open_door(app, settings, "alerts")
    app.extensions["homeward"] = tools = Tools(open_room("alerts", db, settings), Regions(own=settings.home / OWN))
    app.extensions["readiness"]["live alerts"] = lambda: tools.live.now()
    app.add_template_filter(to_call)
    views.register(app)
    return app
