"""The first page: report a missing child, tell of a sighting, or see how a report stands."""

from flask import Blueprint, render_template

pages = Blueprint("home", __name__)


@pages.get("/")
def home() -> str:
    return render_template("ingest/home.html")
