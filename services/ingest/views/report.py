"""The report of a missing child, as a page."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.ingest.handlers import submit_report
from services.ingest.reading import read_report
from services.ingest.views.paper import Paper
from services.ingest.views.written import report_json

pages = Blueprint("report", __name__)
paper = Paper("report", report_json, read_report, submit_report)


@pages.get("/report")
def fill_in() -> str:
    return paper.blank()


@pages.post("/report")
def send() -> ResponseReturnValue:
    return paper.post()
