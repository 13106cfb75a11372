"""Officers' probes: the photograph of a child in care, what became of its search, and which face is meant."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.review import photos
from services.review.acting import allow, perform
from services.review.base import db
from services.review.candidates import probing, store
from services.review.people import store as people
from services.review.views import probe_form, reading
from services.review.views.access import needs, officer
from services.review.views.context import aligner, now, tools
from services.review.views.trying import NONE, Trouble, attempt
from shared.errors import BlobMissing, NotAllowed
from shared.faces import Face
from shared.photos import pixels

pages = Blueprint("probes", __name__)


@pages.get("/probes")
@needs("photo.search")
def listed() -> str:
    rows = [reading.sighting(row) for row in store.probes(db.session(), officer())]
    return render_template("review/probes.html", rows=rows, names=people.names(db.session()))


@pages.get("/probes/new")
@needs("photo.search")
def blank() -> str:
    return _form()


@pages.post("/probes")
@needs("photo.search")
def create() -> ResponseReturnValue:
    request.max_content_length = probe_form.REQUEST_LIMIT

    def send() -> str:
        probe = probe_form.read(_fields(request.form), officer())
        picture, points = probe_form.picture(aligner())
        return perform(tools(), probing.open_probe, officer(), "new", probe, picture, points)

    return attempt(send, lambda id_: url_for("probes.one", sighting_id=id_, done="sent"), _form)


@pages.get("/probes/<id:sighting_id>")
@needs("photo.search")
def one(sighting_id: str) -> str:
    return _page(sighting_id)


@pages.post("/probes/<id:sighting_id>/face")
@needs("photo.search")
def choose(sighting_id: str) -> ResponseReturnValue:
    """`face` counts the faces from the left, from 1."""
    number = request.form.get("face", type=int) or 0

    def send() -> None:
        faces = _faces(reading.probe(sighting_id))
        if not 1 <= number <= len(faces):
            raise NotAllowed("face_missing", "no such face")
        perform(tools(), probing.choose_face, officer(), sighting_id, faces[number - 1].centre)

    return attempt(
        send,
        lambda _: url_for("probes.one", sighting_id=sighting_id, done="chosen"),
        lambda trouble: _page(sighting_id, trouble),
    )


def _form(trouble: Trouble = NONE) -> str:
    return render_template("review/probe_new.html", trouble=trouble, form=request.form, now=now())


def _page(sighting_id: str, trouble: Trouble = NONE) -> str:
    read = reading.probe(sighting_id)
    choosing = bool(read.photos) and read.photos[0][0].faces is None and read.row.content_key is not None
    return render_template(
        "review/probe.html", read=read, trouble=trouble, done=request.args.get("done", ""), choosing=choosing,
        faces=[face.box for face in _faces(read)] if choosing else [], names=people.names(db.session()),
    )  # fmt: skip


def _faces(read: reading.SightingRead) -> list[Face]:
    """The faces in a probe's photo, from left to right."""
    photo, _ = read.photos[0]
    allow(officer(), "photo.read", read.row.region)
    try:
        found = aligner().faces(pixels(photos.plain(db.session(), tools(), photo)))
    except BlobMissing:
        return []
    return sorted(found, key=lambda face: face.box[0])


def _fields(form: Mapping[str, str]) -> dict[str, str | None]:
    """What the page's form says; what is empty is left out."""
    day, time = form.get("found_at.day", ""), form.get("found_at.time", "")
    said = {name: form.get(name, "").strip() for name in probe_form.NAMES}
    said["found_at"] = f"{day}T{time or '00:00'}:00+00:00" if day else ""
    return {name: value for name, value in said.items() if value}
