"""Where the link in our mail leads: to a page with one button. Opening the link confirms nothing, since mail programs
open links by themselves."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.ingest.later import contact
from services.ingest.views.context import tools
from services.ingest.views.guessing import slowed

pages = Blueprint("confirm", __name__)


@pages.get("/confirm")
def ask() -> str:
    return _page(request.args.get("code", ""))


@pages.post("/confirm")
def send() -> ResponseReturnValue:
    mailed = request.form.get("mailed", "")
    if request.form.get("act") == "language":
        return _page(mailed)
    if slowed("contact code", lambda: contact.confirm(mailed, tools())):
        return _page(mailed, done=True)
    return _page(mailed, wrong=True), 422


def _page(mailed: str, *, done: bool = False, wrong: bool = False) -> str:
    return render_template("ingest/confirm.html", mailed=mailed[:100], done=done, wrong=wrong)
