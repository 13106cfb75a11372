"""The queue process of the families' door: notes what the police desk says to families."""

import functools

from services.ingest import drawer
from services.ingest.app import create_app
from services.ingest.handlers import case_status_changed, family_message_sent
from shared.config import Settings
from shared.messages import CaseStatusChanged, FamilyMessageSent
from shared.worker import run_worker

HANDLERS = {CaseStatusChanged: case_status_changed, FamilyMessageSent: family_message_sent}


def main(settings: Settings) -> None:
    """Works until it is told to stop."""
    app = create_app(settings)
    tools = app.extensions["homeward"]
    with app.app_context():
        drawer.sweep(tools)
    acts = {kind: functools.partial(act, tools=tools) for kind, act in HANDLERS.items()}
    run_worker(app, tools.room, acts)
