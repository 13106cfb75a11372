"""The door's JSON: multipart in, a tracking code out; how a case stands for who bears its code."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from services.ingest.handlers import Entry, submit_report, submit_sighting
from services.ingest.intake import Accepted
from services.ingest.reading import Invalid, read_report, read_sighting
from services.ingest.rules import REPORT_PHOTOS, SIGHTING_PHOTOS, Fault, Kind, most_photos
from services.ingest.schemas import ReportSchema, SightingSchema
from services.ingest.status import Standing, UnknownCode
from services.ingest.tools import Tools
from services.ingest.tracking import BadCode, code_from, new_code
from services.ingest.views.answers import StandingSaid, Taken
from services.ingest.views.context import tools
from services.ingest.views.guessing import look_up
from services.ingest.views.parts import json_part, photo_parts
from services.ingest.views.uploads import BadFile, accepted, short
from services.ingest.words import advice_text, fault_text
from shared.clock import Clock
from shared.http import Problem
from shared.messages import Point
from shared.openapi import Multipart, operation

pages = Blueprint("api", __name__, url_prefix="/api/v1")
Filed = TypeVar("Filed")
KEY_LENGTH = range(16, 201)
REPORT, SIGHTING = ReportSchema(), SightingSchema()


@pages.post("/reports")
@operation(
    "Report a missing child", takes=Multipart("photos", *REPORT_PHOTOS, "report", REPORT), gives=Taken, status=202
)
def report() -> tuple[Response, int]:
    """Takes a report: a JSON part `report` and 1 to 20 file parts `photos`."""
    return _take(
        "report", read_report, submit_report, lambda filed: [(note.face,) if note.face else () for note in filed.photos]
    )


@pages.post("/sightings")
@operation(
    "Report a sighting", takes=Multipart("photos", *SIGHTING_PHOTOS, "sighting", SIGHTING), gives=Taken, status=202
)
def sighting() -> tuple[Response, int]:
    """Takes a sighting: a JSON part `sighting` and up to 10 file parts `photos`."""
    return _take("sighting", read_sighting, submit_sighting, lambda filed: [note.faces or () for note in filed.photos])


@pages.get("/case")
@operation("Read how a submission stands", gives=StandingSaid, problems=[404, 429])
def case() -> Response:
    """How the submission stands whose tracking code is the bearer token."""
    scheme, _, code = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not code.strip():
        raise Problem(401, gettext("A tracking code is needed"), gettext("Send it as Authorization: Bearer <code>."))
    try:
        return jsonify(_standing_json(look_up(code)))
    except (BadCode, UnknownCode) as error:
        title = gettext("We find nothing under this code")
        raise Problem(404, title, gettext("Please compare it letter by letter.")) from error


def _take(
    name: Kind,
    read: Callable[[object, int, datetime, Clock], Filed],
    submit: Callable[[Filed, Entry, Tools], bool],
    marked: Callable[[Filed], list[Sequence[Point]]],
) -> tuple[Response, int]:
    room = tools()
    try:
        raw, body = json_part(name)
        parts = photo_parts(name)
        photos, bad = _clean(parts, name, room)
        filed = _read_all(read, raw, len(parts), bad, room)
    except Invalid as invalid:
        raise _problem(invalid.faults) from invalid
    code = _code(body, photos, room)
    submit(filed, Entry(code, photos), room)
    answer = {
        "tracking_code": code,
        "status_url": f"{room.room.settings.public_url('ingest')}/case",
        "photos": [_photo_json(photo, marks) for photo, marks in zip(photos, marked(filed), strict=True)],
    }
    return jsonify(answer), 202


def _clean(parts: list[FileStorage], kind: Kind, room: Tools) -> tuple[list[Accepted], list[Fault]]:
    """The photos, and what is wrong with those that cannot be taken. Too many are not even looked at."""
    if len(parts) > most_photos(kind):
        return [], []
    looked = list(accepted(parts, kind, room))
    return [p for p in looked if isinstance(p, Accepted)], [p.fault for p in looked if isinstance(p, BadFile)]


def _read_all(
    read: Callable[[object, int, datetime, Clock], Filed], raw: object, photos: int, bad: list[Fault], room: Tools
) -> Filed:
    """What was filed. Raises Invalid with the faults of the text and of the photos together."""
    faults: tuple[Fault, ...] = ()
    try:
        filed = read(raw, photos, room.room.clock(), room.clock)
    except Invalid as invalid:
        faults = invalid.faults
    if faults or bad:
        raise Invalid((*faults, *bad))
    return filed


def _code(body: bytes, photos: Sequence[Accepted], room: Tools) -> str:
    """A fresh tracking code; with an Idempotency-Key the one code of this key and this content, so that a request
    sent twice makes one report. Only the sender knows both, and only this room's key makes a code of them."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return new_code()
    if len(key) not in KEY_LENGTH:
        detail = gettext("Please send 16 to 200 random characters, for example a UUID.")
        raise Problem(400, gettext("This Idempotency-Key cannot be used"), detail)
    content = [body, *(photo.photo.data for photo in photos)]
    digests = [hashlib.sha256(part).hexdigest() for part in (key.encode(), *content)]
    return code_from(room.room.keys.sign(f"idempotency {request.path} {digests}".encode()).encode())


def _problem(faults: Sequence[Fault]) -> Problem:
    """Everything that is to mend; a photo's error names its file."""
    names = [short(file.filename) for file in request.files.getlist("photos")]
    errors = [_error(fault, names) for fault in faults]
    return Problem(422, gettext("Please mend what is named below"), errors[0]["detail"], errors=errors)


def _error(fault: Fault, names: list[str]) -> dict[str, str]:
    error = {"pointer": fault.pointer, "code": fault.code, "detail": fault_text(fault)}
    match fault.pointer.split("/"):
        case ["#", "photos", index, *_] if index.isdigit() and int(index) < len(names):
            return error | {"file": names[int(index)]}
    return error


def _photo_json(photo: Accepted, marks: Sequence[Point]) -> dict[str, Any]:
    advice = photo.advice(marks)
    return {
        "faces": [face.point for face in photo.seen], "advice": advice[0], "reasons": list(photo.reasons(marks)),
        "quality": photo.quality(marks), "text": advice_text(advice),
    }  # fmt: skip


def _standing_json(case: Standing) -> dict[str, Any]:
    return {
        "kind": case.kind,
        "status": case.status,
        "title": gettext(case.words.title),
        "next": gettext(case.words.next),
        "submitted_at": case.submitted_at.isoformat(),
        "changed_at": case.changed_at.isoformat(),
        "messages": [
            {"sent_at": letter.sent_at.isoformat(), "text": letter.text, "asks": letter.asks} for letter in case.letters
        ],
        "answer_by": case.answer_by.isoformat() if case.answer_by else None,
    }
