"""The door's pages and its JSON."""

from flask import Flask

from services.ingest.views import api, case, code, home, report, resume, reviewing, sighting, stepping, uploading


def register(app: Flask) -> None:
    """Puts all pages of this door into the app."""
    for part in (home, report, stepping, uploading, code, resume, reviewing, sighting, case, api):
        app.register_blueprint(part.pages)
