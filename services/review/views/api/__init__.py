"""The desk's JSON under /api/v1: the same acts as the pages, each answered with the new state."""

from flask import Flask

from services.review.views import access_case
from services.review.views.api import audit, candidates, cases, casework, drafts, oncall, probes, session


def register(app: Flask) -> None:
    for part in (session, cases, casework, oncall, candidates, probes, drafts, audit):
        app.register_blueprint(part.pages, url_prefix="/api/v1")
    app.register_blueprint(access_case.api, url_prefix="/api/v1")
