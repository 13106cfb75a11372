"""The door's pages and its JSON."""

from flask import Flask

from services.ingest.views import api, case, described, home, report, sighting


def register(app: Flask) -> None:
    """Puts all pages of this door into the app."""
    for part in (home, report, sighting, case, api, described):
        app.register_blueprint(part.pages)
