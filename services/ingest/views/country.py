"""The country that a reader is probably in, by what they chose or by their browser's languages."""

from flask import request

from services.ingest import emergency
from services.ingest.views.context import language


def country() -> str:
    """The country that was chosen, else the one of the browser's first language that names one; "" if none."""
    asked = request.args.get("country", "").upper()
    named = [tag.replace("_", "-").split("-")[-1].upper() for tag, _ in request.accept_languages if "-" in tag]
    guesses = [asked, *named, "CN" if language() == "zh" else ""]
    return next((code for code in guesses if code in emergency.countries()), "")
