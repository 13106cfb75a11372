"""What stands beside a candidate as JSON: the way between both places, the search's others, each face straightened."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.base import db
from services.review.candidates import following
from services.review.candidates.travel import Travel
from services.review.views import candidates, comparing, reading, shapes
from services.review.views.access import needs
from services.review.views.api.answers.candidates import Comparison
from services.review.views.api.answers.photos import Faces
from shared.openapi import File, operation

pages = Blueprint("api_comparing", __name__)


@pages.get("/candidates/<id:candidate_id>/comparison")
@needs("candidate.read")
@operation("Read what stands beside a candidate", gives=Comparison)
def beside(candidate_id: str) -> Response:
    read = reading.candidate(candidate_id)
    others, elsewhere = comparing.others(read)
    told = following.liaisons(db.session(), read.case.row) if read.row.state == "confirmed" else []
    return jsonify(
        way=_way(comparing.way(read)), others=[shapes.candidate_line(other.row) for other in others],
        elsewhere=elsewhere, liaisons=[{"id": row.id, "name": row.name} for row in told],
    )  # fmt: skip


@pages.get("/candidates/<id:candidate_id>/faces/<id:photo_id>")
@needs("photo.read")
@operation("See a face, its eyes where every other one's are", gives=File(("image/jpeg",)), problems=[409])
def face(candidate_id: str, photo_id: str) -> ResponseReturnValue:
    return candidates.face(candidate_id, photo_id)


@pages.get("/photos/<id:photo_id>/faces")
@needs("photo.read")
@operation("Read where faces are in a photo, and which are marked", gives=Faces, problems=[409])
def faces(photo_id: str) -> Response:
    read = reading.photo(photo_id)
    found = [{"point": each.point, "marked": each.marked} for each in read.faces]
    return jsonify(photo=shapes.photo(read.row), faces=found)


def _way(made: Travel | None) -> shapes.Json | None:
    return made and {
        "km": made.km, "hours": made.took / timedelta(hours=1), "kmh": made.kmh, "verdict": made.verdict
    }  # fmt: skip
