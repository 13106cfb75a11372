"""The door's pages and its JSON."""

from flask import Flask

from services.ingest.views import (
    api,
    case,
    code,
    confirm,
    described,
    guard,
    home,
    later,
    removal,
    report,
    resume,
    reviewing,
    sighting,
    stepping,
    uploading,
)


def register(app: Flask) -> None:
    """Puts all pages of this door into the app."""
    guard.stand_at(app)
    for part in (
        guard, home, report, stepping, uploading, code, resume, reviewing, sighting, case, later, confirm, removal, api,
        described,
    ):  # fmt: skip
        app.register_blueprint(part.pages)
