"""A photograph, for the eyes of officers of its jurisdiction; no cache keeps it."""

from flask import Blueprint, Response

from services.review import photos
from services.review.base import db
from services.review.views.access import needs, officer
from services.review.views.context import tools
from shared.openapi import File, operation

pages = Blueprint("photos", __name__)


@pages.get("/api/v1/photos/<id:photo_id>")
@needs("photo.read")
@operation("See a photo", gives=File(("image/jpeg", "image/png", "image/webp")), problems=[409])
def picture(photo_id: str) -> Response:
    """Once its case has ended it is locked; then it is erased."""
    row = photos.get(db.session(), photo_id)
    data = photos.for_officer(db.session(), tools(), officer(), photo_id)
    response = Response(data, mimetype=row.media_type)
    response.headers["Cache-Control"] = "no-store"
    return response
