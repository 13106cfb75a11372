"""The desk's pages and its JSON, behind one guard."""

from flask import Flask
from werkzeug.routing import BaseConverter

from services.review.people.rules import FactorNeeded
from services.review.views import (
    access,
    access_case,
    access_stepup,
    api,
    audit,
    audit_reads,
    candidates,
    cases,
    casework,
    draft_steps,
    duplicates,
    faces,
    filing,
    insight,
    letters,
    login,
    login_agency,
    login_factor,
    login_invitation,
    login_setup,
    look,
    oncall,
    people,
    people_account,
    people_grants,
    photos,
    probes,
    pulse,
    refusals,
    removals,
)
from shared.errors import BlobMissing, NotAllowed

PAGES = (
    login, login_factor, login_setup, login_invitation, login_agency, people_account, people, people_grants,
    cases, casework, duplicates, filing, oncall, access_case, candidates, probes, pulse, draft_steps, audit, insight,
    photos, faces, letters, removals,
)  # fmt: skip


class IdConverter(BaseConverter):
    """An id as `shared.keys.random_id` makes them; nothing else gets into a query or the record."""

    regex = "[a-z0-9]{1,32}"


def register(app: Flask) -> None:
    """Puts the guard, all pages and the JSON of the desk into the app."""
    app.url_map.converters["id"] = IdConverter
    app.extensions["seen"] = audit_reads.Seen()
    app.before_request(access.guard)
    app.after_request(audit_reads.note)
    app.after_request(access_stepup.carry)
    app.register_error_handler(FactorNeeded, access_stepup.ask)
    app.register_error_handler(NotAllowed, refusals.answer)
    app.register_error_handler(BlobMissing, refusals.lost)
    look.dress(app)
    for part in PAGES:
        app.register_blueprint(part.pages)
    api.register(app)
