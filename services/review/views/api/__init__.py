"""The desk's JSON under /api/v1: the same acts as the pages, each answered with the new state."""

from flask import Flask

from services.review.views.api import (
    access,
    account,
    audit,
    candidates,
    cases,
    casework,
    comparing,
    composing,
    document,
    drafts,
    duplicates,
    insight,
    letters,
    oncall,
    people,
    probes,
    removals,
    session,
)

PARTS = (
    session, account, cases, casework, letters, duplicates, removals, access, oncall, candidates, comparing, probes,
    drafts, composing, people, insight, audit, document,
)  # fmt: skip


def register(app: Flask) -> None:
    for part in PARTS:
        app.register_blueprint(part.pages, url_prefix=f"/api/v1{part.pages.url_prefix or ''}")
