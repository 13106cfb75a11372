"""A sighting of a child who may be missing, as a page. `?alert=<id>` says which alert it answers."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.ingest import emergency
from services.ingest.handlers import submit_sighting
from services.ingest.reading import read_sighting
from services.ingest.views.country import country
from services.ingest.views.paper import Paper
from services.ingest.views.written import sighting_json

pages = Blueprint("sighting", __name__)
paper = Paper("sighting", sighting_json, read_sighting, submit_sighting)


@pages.context_processor
def whom_to_call() -> dict[str, Any]:
    """`call` for the pages: the emergency number of the reader's country, None where we do not know it."""
    return {"call": emergency.call(country())}


@pages.get("/sighting")
def fill_in() -> str:
    return paper.blank()


@pages.post("/sighting")
def send() -> ResponseReturnValue:
    return paper.post()
