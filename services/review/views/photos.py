"""A photograph, for the eyes of officers of its jurisdiction; no cache keeps it."""

from flask import Blueprint, Response
from flask_babel import gettext

from services.review import photos
from services.review.base import db
from services.review.views.access import needs, officer
from services.review.views.context import tools
from shared.errors import BlobMissing
from shared.http import Problem

pages = Blueprint("photos", __name__)


@pages.get("/api/v1/photos/<id:photo_id>")
@needs("photo.read")
def picture(photo_id: str) -> Response:
    row = photos.get(db.session(), photo_id)
    try:
        data = photos.for_officer(db.session(), tools(), officer(), photo_id)
    except BlobMissing as error:
        detail = gettext("It is being erased, or the store has lost it. The operator can tell.")
        raise Problem(404, gettext("The photo is not in the store"), detail, reason="not_in_store") from error
    response = Response(data, mimetype=row.media_type)
    response.headers["Cache-Control"] = "no-store"
    return response
