"""Photos in pieces, by the tus protocol 1.0.0 (creation, termination): what a broken line left is gone on with.

https://tus.io/protocols/resumable-upload
"""

from collections.abc import Iterator

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import ClientDisconnected

from services.ingest import drafts, drawer, steps, uploads
from services.ingest.draftkey import DraftKey
from services.ingest.intake import accept
from services.ingest.rules import Fault
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
_STATUS = {"unknown": 404, "wrong_offset": 409, "too_large": 413, "too_many": 429}


@pages.route("/report/uploads", methods=["OPTIONS"])
def ask() -> Response:
    answer = _answer(204)
    answer.headers["Tus-Version"], answer.headers["Tus-Extension"] = "1.0.0", "creation,termination"
    answer.headers["Tus-Max-Size"] = str(MAX_BYTES)
    return answer


@pages.post("/report/uploads")
def begin() -> Response:
    key = _key()
    try:
        upload = uploads.begin(key, _number("Upload-Length"), tools().room)
    except UploadError as error:
        raise _problem(error) from error
    answer = _answer(201, upload)
    answer.headers["Location"] = url_for("upload.look", id_=upload.id)
    return answer


@pages.route("/report/uploads/<id_>", methods=["HEAD"])
def look(id_: str) -> Response:
    key = _key()
    try:
        return _answer(200, _ripened(key, uploads.progress(key, id_, tools().room)))
    except UploadError as error:
        raise _problem(error) from error


@pages.patch("/report/uploads/<id_>")
def add(id_: str) -> Response:
    """Takes the bytes from `Upload-Offset` on; with the last of them the photo is looked at and kept."""
    key = _key()
    if request.mimetype != "application/offset+octet-stream":
        raise Problem(415, gettext("A photo comes as application/offset+octet-stream"), "")
    try:
        upload = uploads.add(key, id_, _number("Upload-Offset"), _pieces(), tools().room)
        return _answer(204, _ripened(key, upload))
    except UploadError as error:
        raise _problem(error) from error


@pages.delete("/report/uploads/<id_>")
def call_off(id_: str) -> Response:
    uploads.end(_key(), id_, tools().room)
    return _answer(204)


@pages.get("/report/photos/<id_>")
def photo(id_: str) -> str:
    """One kept photo as the photos' page shows it, for a page that is open already."""
    key, room = _key(), tools()
    kept = {name: one for name, one in drawer.look(key, room.room).items() if name == id_}
    if not kept:
        raise _problem(UploadError("unknown"))
    return page("photo", key, None, photos=previews(kept, form_of({})), written=form_of({}), errors={})


def _ripened(key: DraftKey, upload: Progress) -> Progress:
    """The upload, and once all of it is here a photo in the drawer under the same id."""
    if not upload.ripe:
        return upload
    room = tools()
    try:
        here = drawer.ids(key, room.room)
        if upload.id not in here:
            if len(here) >= steps.MOST_PHOTOS:
                raise _refused(Fault("#/photos", "too_many_photos", steps.MOST_PHOTOS))
            kept = accept(uploads.whole(key, upload, room.room), "report", room)
            drawer.keep(key, kept, room.room, drafts.lifetime(room.room), upload.id)
    except PhotoError as error:
        uploads.end(key, upload.id, room.room)
        raise _refused(Fault("#/photos", error.code)) from error
    uploads.settle(key, upload, room.room)
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


def _key() -> DraftKey:
    key = draftpass.current()
    if key is None or drafts.load(key, tools().room) is None:
        detail = gettext("Please enter the code of your report again. What was saved is still there.")
        raise Problem(403, gettext("Your report is not open here any more"), detail)
    return key


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
