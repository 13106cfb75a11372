"""The door's feeds, pages and photos."""

from flask import Flask

from services.alerts.deliver.keys import Ring
from services.alerts.deliver.rate import Counter
from services.alerts.shelf import Reached, Shelf
from services.alerts.views import alert, answers, asking, changes, feeds, home, openapi, places, poster, subscriptions


def register(app: Flask) -> None:
    """Puts all of this door into the app."""
    settings = app.extensions["homeward"].room.settings
    app.extensions[feeds.SHELF] = Shelf(settings.database_url("alerts"))
    app.extensions[feeds.REACHED] = Reached()
    app.extensions |= {asking.RING: Ring(), asking.COUNTER: Counter()}
    app.before_request(answers.begin)
    app.before_request(asking.begin)
    app.after_request(answers.finish)
    app.after_request(asking.finish)
    for part in (feeds, alert, poster, changes, places, openapi, home, subscriptions):
        app.register_blueprint(part.pages)
