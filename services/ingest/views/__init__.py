"""The door's pages and its JSON."""

from flask import Flask

from services.ingest.views import api, case, confirm, described, guard, home, later, removal, report, sighting


def register(app: Flask) -> None:
    """Puts all pages of this door into the app."""
    guard.stand_at(app)
    for part in (guard, home, report, sighting, case, later, confirm, removal, api, described):
        app.register_blueprint(part.pages)
