"""The door's feeds, pages and photos."""

from flask import Flask

from services.alerts.views import (
    alert,
    answers,
    certificate,
    changes,
    changes_atom,
    chart,
    feeds,
    home,
    openapi,
    pfif,
    places,
    widget,
)


def register(app: Flask) -> None:
    """Puts all of this door into the app."""
    app.before_request(answers.begin)
    app.after_request(answers.finish)
    for part in (feeds, alert, certificate, changes, changes_atom, pfif, places, openapi, home, chart, widget):
        app.register_blueprint(part.pages)
