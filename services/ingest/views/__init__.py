"""The door's pages and its JSON."""

from flask import Flask

from services.ingest.views import api, case, guard, home, report, sighting


def register(app: Flask) -> None:
    """Puts all pages of this door into the app."""
    guard.stand_at(app)
    for part in (guard, home, report, sighting, case, api):
        app.register_blueprint(part.pages)
