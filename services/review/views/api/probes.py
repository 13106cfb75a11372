"""Officers' probes as JSON: a photograph of a child in care, sent with purpose and reference as multipart."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.acting import perform
from services.review.base import db
from services.review.candidates import probing, store
from services.review.views import probe_form, reading, shapes
from services.review.views.access import needs, officer
from services.review.views.api.answers.candidates import ProbeFull, Probes
from services.review.views.bodies import Face, body, json_part, multipart
from services.review.views.context import aligner, tools
from shared.openapi import Multipart, operation

pages = Blueprint("api_probes", __name__)
SENT = Multipart("photo", name="probe", kind=probe_form.SentProbe)


@pages.get("/probes")
@needs("photo.search")
@operation("List the probes of one's regions", gives=Probes)
def listed() -> Response:
    rows = store.probes(db.session(), officer())
    return jsonify(probes=[shapes.probe(reading.sighting(row)) for row in rows])


@pages.get("/probes/<id:sighting_id>")
@needs("photo.search")
@operation("Read a probe", gives=ProbeFull)
def one(sighting_id: str) -> Response:
    return jsonify(shapes.probe(reading.probe(sighting_id)))


@pages.post("/probes")
@needs("photo.search")
@operation("Search the photo of a child in care", takes=SENT, gives=ProbeFull, status=201)
def create() -> ResponseReturnValue:
    """Multipart: a JSON part `probe` and a file part `photo`."""
    multipart(probe_form.REQUEST_LIMIT)
    probe = probe_form.read(json_part("probe"), officer())
    photo, points = probe_form.picture(aligner())
    sighting_id = perform(tools(), probing.open_probe, officer(), "new", probe, photo, points)
    return one(sighting_id), 201


@pages.post("/probes/<id:sighting_id>/face")
@needs("photo.search")
@operation("Choose the child's face among several", takes=Face, gives=ProbeFull)
def choose(sighting_id: str) -> ResponseReturnValue:
    """`face` is the point on the child's face, fractions of the picture."""
    perform(tools(), probing.choose_face, officer(), sighting_id, body(Face).face)
    return one(sighting_id)
