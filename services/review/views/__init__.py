"""The desk's pages and its JSON, behind one guard."""

from flask import Flask
from werkzeug.routing import BaseConverter

from services.review.views import (
    access,
    api,
    audit,
    candidates,
    cases,
    casework,
    drafts,
    faces,
    filing,
    login,
    look,
    oncall,
    people,
    photos,
    probes,
    pulse,
    refusals,
)
from shared.errors import NotAllowed


class IdConverter(BaseConverter):
    """An id as `shared.keys.random_id` makes them; nothing else gets into a query or the record."""

    regex = "[a-z0-9]{1,32}"


def register(app: Flask) -> None:
    """Puts the guard, all pages and the JSON of the desk into the app."""
    app.url_map.converters["id"] = IdConverter
    app.before_request(access.guard)
    app.register_error_handler(NotAllowed, refusals.answer)
    look.dress(app)
    parts = (login, cases, casework, filing, oncall, candidates, probes, pulse, drafts, people, audit, photos, faces)
    for part in parts:
        app.register_blueprint(part.pages)
    api.register(app)
