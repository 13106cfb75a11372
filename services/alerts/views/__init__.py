"""The door's feeds, pages and photos."""

from flask import Flask

from services.alerts.deliver.keys import Ring
from services.alerts.deliver.rate import Counter
from services.alerts.views import (
    alert,
    answers,
    asking,
    certificate,
    changes,
    changes_atom,
    chart,
    feeds,
    home,
    openapi,
    pfif,
    places,
    poster,
    subscriptions,
    widget,
)

FOR_PROGRAMS = (feeds, certificate, changes, changes_atom, pfif, places, openapi, subscriptions)
FOR_PEOPLE = (alert, poster, home, chart, widget)


def register(app: Flask) -> None:
    """Puts all of this door into the app."""
    app.extensions |= {asking.RING: Ring(), asking.COUNTER: Counter()}
    app.before_request(answers.begin)
    app.before_request(asking.begin)
    app.after_request(answers.finish)
    app.after_request(asking.finish)
    for part in (*FOR_PROGRAMS, *FOR_PEOPLE):
        app.register_blueprint(part.pages)
