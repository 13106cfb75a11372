"""Photos in pieces, by the tus protocol 1.0.0 (creation, termination): what a broken line left is gone on with.

https://tus.io/protocols/resumable-upload
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import ClientDisconnected

from services.ingest import drafts, drawer, handlers, steps, uploads
from services.ingest.drawer import Owner
from services.ingest.forms import FormKey
from services.ingest.intake import accept
from services.ingest.rules import Fault, Kind, most_photos
from services.ingest.uploads import Progress, UploadError
from services.ingest.views import draftpass
from services.ingest.views.context import tools
from services.ingest.views.draftpages import form_of, page
from services.ingest.views.gallery import previews
from services.ingest.words import fault_text
from shared.http import Problem
from shared.photos import MAX_BYTES, PhotoError

pages = Blueprint("upload", __name__)
PIECE = 128 * 1024
"""Bytes that are kept at a time."""
_READ = 16 * 1024
_OF = "/<any(report, sighting):kind>"
FORM_KEY = "Form-Key"
"""The header that carries a sighting's form key: an address would stay in histories and logs."""
_STATUS = {"unknown": 404, "wrong_offset": 409, "too_large": 413, "too_many": 429}


@dataclass(frozen=True)
class Sender:
    """What opens the photos of a draft or a form, and how many of them are kept for how long."""

    form: Owner
    kind: Kind
    most: int
    kept_for: timedelta


@pages.route(f"{_OF}/uploads", methods=["OPTIONS"])
def ask(kind: Kind) -> Response:
    answer = _answer(204)
    answer.headers["Tus-Version"], answer.headers["Tus-Extension"] = "1.0.0", "creation,termination"
    answer.headers["Tus-Max-Size"] = str(MAX_BYTES)
    return answer


@pages.post(f"{_OF}/uploads")
def begin(kind: Kind) -> Response:
    sender = _sender(kind)
    try:
        upload = uploads.begin(sender.form, _number("Upload-Length"), tools().room)
    except UploadError as error:
        raise _problem(error) from error
    answer = _answer(201, upload)
    answer.headers["Location"] = url_for("upload.look", kind=kind, id_=upload.id)
    return answer


@pages.route(f"{_OF}/uploads/<id_>", methods=["HEAD"])
def look(kind: Kind, id_: str) -> Response:
    sender = _sender(kind)
    try:
        return _answer(200, _ripened(sender, uploads.progress(sender.form, id_, tools().room)))
    except UploadError as error:
        raise _problem(error) from error


@pages.patch(f"{_OF}/uploads/<id_>")
def add(kind: Kind, id_: str) -> Response:
    """Takes the bytes from `Upload-Offset` on; with the last of them the photo is looked at and kept."""
    sender = _sender(kind)
    if request.mimetype != "application/offset+octet-stream":
        raise Problem(415, gettext("A photo comes as application/offset+octet-stream"), "")
    try:
        upload = uploads.add(sender.form, id_, _number("Upload-Offset"), _pieces(), tools().room)
        return _answer(204, _ripened(sender, upload))
    except UploadError as error:
        raise _problem(error) from error


@pages.delete(f"{_OF}/uploads/<id_>")
def call_off(kind: Kind, id_: str) -> Response:
    uploads.end(_sender(kind).form, id_, tools().room)
    return _answer(204)


@pages.get(f"{_OF}/photos/<id_>")
def photo(kind: Kind, id_: str) -> str:
    """One kept photo as the photos' page shows it, for a page that is open already."""
    kept = {name: one for name, one in drawer.look(_sender(kind).form, tools().room).items() if name == id_}
    if not kept:
        raise _problem(UploadError("unknown"))
    blank = form_of({})
    return page("photo", None, None, photos=previews(kept, blank), written=blank, errors={}, one=kind == "report")


def _ripened(sender: Sender, upload: Progress) -> Progress:
    """The upload, and once all of it is here a photo in the drawer under the same id."""
    if not upload.ripe:
        return upload
    room, form = tools(), sender.form
    try:
        here = drawer.ids(form, room.room)
        if upload.id not in here:
            if len(here) >= sender.most:
                raise _refused(Fault("#/photos", "too_many_photos", sender.most))
            kept = accept(uploads.whole(form, upload, room.room), sender.kind, room)
            drawer.keep(form, kept, room.room, sender.kept_for, upload.id)
    except PhotoError as error:
        uploads.end(form, upload.id, room.room)
        raise _refused(Fault("#/photos", error.code)) from error
    uploads.settle(form, upload, room.room)
    return upload


def _pieces() -> Iterator[bytes]:
    """What comes, in pieces worth keeping; where the line breaks, what had come until then."""
    kept = bytearray()
    try:
        while some := request.stream.read(_READ):
            kept += some
            if len(kept) >= PIECE:
                yield bytes(kept)
                kept.clear()
    except (ClientDisconnected, OSError):
        pass
    if kept:
        yield bytes(kept)


def _sender(kind: Kind) -> Sender:
    """Whose photos these are: a report's draft by its cookie, a sighting's form by the key that it carries."""
    return _of_draft() if kind == "report" else _of_form()


def _of_draft() -> Sender:
    key = draftpass.current()
    if key is None or drafts.load(key, tools().room) is None:
        detail = gettext("Please enter the code of your report again. What was saved is still there.")
        raise Problem(403, gettext("Your report is not open here any more"), detail)
    return Sender(key, "report", steps.MOST_PHOTOS, drafts.lifetime(tools().room))


def _of_form() -> Sender:
    text = request.headers.get(FORM_KEY, "")
    form = FormKey.read(text)
    if form.write() != text:
        raise Problem(403, gettext("Please open the page again"), gettext("A photo belongs to a page that is open."))
    if handlers.is_sent(form.tracking_code, tools()):
        detail = gettext("This sighting was sent already. Open the page again to send another.")
        raise Problem(409, gettext("This was sent already"), detail)
    return Sender(form, "sighting", most_photos("sighting"), drawer.KEPT_FOR)


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Problem(400, gettext("%(header)s must be a number", header=header), "")
    return int(text)


def _problem(error: UploadError) -> Problem:
    words = {
        "unknown": gettext("We do not have this photo. Please choose it again."),
        "wrong_offset": gettext("The photo goes on at another place than this."),
        "too_large": fault_text(Fault("#/photos", "too_large")),
        "too_many": fault_text(Fault("#/photos", "too_many_photos", uploads.MOST)),
    }
    return Problem(_STATUS[error.code], words[error.code], words[error.code], headers={"Tus-Resumable": "1.0.0"})


def _refused(fault: Fault) -> Problem:
    return Problem(422, gettext("This photo cannot be taken"), fault_text(fault))


def _answer(status: int, upload: Progress | None = None) -> Response:
    answer = Response(status=status)
    answer.headers["Tus-Resumable"] = "1.0.0"
    if upload:
        answer.headers["Upload-Offset"], answer.headers["Upload-Length"] = str(upload.received), str(upload.length)
    return answer
