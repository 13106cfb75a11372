"""What a family does on its status page: add, answer, correct, ask to withdraw, confirm its e-mail.

Every page is posted to with the tracking code; opened by its address alone, it leads to where the code is asked for.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from services.ingest import drawer
from services.ingest.forms import FormKey
from services.ingest.intake import Accepted
from services.ingest.later import acts, contact, reading, rules
from services.ingest.reading import Invalid
from services.ingest.status import Standing, standing
from services.ingest.views import case
from services.ingest.views.context import tools
from services.ingest.views.gallery import preview
from services.ingest.views.guessing import slowed
from services.ingest.views.uploads import put_aside
from services.ingest.views.written import faults_by_field, marks
from services.ingest.words import photo_fault_text
from shared.http import Problem

pages = Blueprint("later", __name__)
Errors = Mapping[str, str]


@pages.get("/case/<any(add, answer, correct, withdraw, confirm):_act>")
def ask_code(_act: str) -> ResponseReturnValue:
    return redirect(url_for("case.ask"))


@pages.post("/case/add")
def add() -> ResponseReturnValue:
    """More photographs or words."""
    return case.opened(_add)


@pages.post("/case/answer")
def answer() -> ResponseReturnValue:
    """An answer to the officer's question, written on the status page itself."""

    def then(found: Standing) -> ResponseReturnValue:
        if request.form.get("act") == "language":
            return case.page(found, written=request.form, form_key=_form().write())
        return _send(found, _answer, "answered", lambda errors: case.page(
            found, errors=errors, written=request.form, form_key=_form().write()
        ))  # fmt: skip

    return case.opened(then)


@pages.post("/case/correct")
def correct() -> ResponseReturnValue:
    """Something in the report is wrong."""
    form = request.form
    raw = {"fact": form.get("fact", ""), "text": form.get("text", "")}
    return case.opened(lambda found: _page_of("correct", found, lambda: reading.correction(raw, _today())))


@pages.post("/case/withdraw")
def withdraw() -> ResponseReturnValue:
    """The family asks that the report be withdrawn; the page names what that means."""
    raw = {"text": request.form.get("text", "")}
    return case.opened(lambda found: _page_of("withdraw", found, lambda: reading.withdrawal(raw)))


@pages.post("/case/confirm")
def confirm() -> ResponseReturnValue:
    """The code that was mailed to the report's address, typed on the status page."""

    def then(found: Standing) -> ResponseReturnValue:
        if request.form.get("act") == "language":
            return case.page(found)
        mailed = request.form.get("mailed", "")
        if slowed("contact code", lambda: contact.confirm(mailed, tools(), found.receipt_id)):
            return case.page(_again(), "confirmed")
        wrong = gettext("This is not the code of our last e-mail, or it is more than seven days old.")
        return case.page(found, errors={"mailed": wrong}), 422

    return case.opened(then)


def _answer() -> acts.Later:
    return reading.answer({"text": request.form.get("text", "")}, request.form.get("letter", "")[:64])


def _add(found: Standing) -> ResponseReturnValue:
    form, room = _form(), tools()
    if acts.is_sent(form, room):
        return case.page(found, "added")  # a double click: what was in the form is on its way
    drawer.discard(form, request.form.getlist("remove"), room.room)
    bad = put_aside(form, "report", room) if found.open else []
    kept = drawer.look(form, room.room)
    shown = [preview(id_, photo, marks(request.form, id_)) for id_, photo in kept.items()]

    def show(errors: Errors) -> str:
        if bad:
            errors = {"photos": "\n".join(photo_fault_text(file.name, file.fault) for file in bad)} | dict(errors)
        return _render("add", found, errors, photos=shown, today=_today())

    if request.form.get("act") != "send" or bad:
        return show({}), 422 if bad else 200
    raw = {"text": request.form.get("text", ""), "photos": [_note(id_) for id_ in kept]}
    return _send(found, lambda: reading.addition(raw, _today()), "added", show, kept)


def _page_of(name: str, found: Standing, read: Callable[[], acts.Later]) -> ResponseReturnValue:
    """A page of one form: shown, or sent."""
    if request.form.get("act") != "send":
        return _render(name, found, {})
    return _send(found, read, f"{name}_sent", lambda errors: _render(name, found, errors))


def _send(
    found: Standing,
    read: Callable[[], acts.Later],
    done: str,
    show: Callable[[Errors], str],
    kept: Mapping[str, Accepted] | None = None,
) -> ResponseReturnValue:
    """Reads the form and sends it; the status page then says what was `done`, or the form what is to mend."""
    photos = tuple((kept or {}).values())
    try:
        acts.send(read(), found.receipt_id, _form(), photos, tools())
    except Invalid as invalid:
        return show(faults_by_field(invalid.faults, request.form, list(kept or ()))), 422
    except rules.EndedError:
        return case.page(_again(), "over"), 409
    except rules.TooMuchError as error:
        detail = gettext(
            "We already have a lot from you, and it is safe. An officer reads it first. If something is urgent, please"
            " call the police."
        )
        raise Problem(
            429, gettext("This is more than we can take now"), detail, headers={"Retry-After": "3600"}
        ) from error
    return case.page(_again(), done)


def _note(photo: str) -> dict[str, Any]:
    """What was written beside a kept photo."""
    taken, age, face = (request.form.get(f"photo.{photo}.{part}") for part in ("taken", "age", "face"))
    return {"taken": taken or None, "age": age or None, "face": face.split(",") if face else None}


def _render(name: str, found: Standing, errors: Errors, **more: Any) -> str:
    if not found.open:
        return case.page(found, "over")
    return render_template(
        f"ingest/later_{name}.html", code=request.form.get("code", ""), case=found, form_key=_form().write(),
        written=request.form, errors=errors, **more,
    )  # fmt: skip


def _form() -> FormKey:
    """The form's key, made once and carried from page to page."""
    if "form_key" not in g:
        g.form_key = FormKey.read(request.form.get("form", ""))
    return cast(FormKey, g.form_key)


def _again() -> Standing:
    """How it stands now. The code was right a moment ago."""
    return standing(request.form.get("code", ""), tools())


def _today() -> Any:
    return tools().room.clock().date()
