"""What the composer shows of an alert, for programs: the regions touched, what is changed, its photo, its CAP."""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from services.review.drafts.content import without_rings_if_test
from services.review.drafts.differences import Difference
from services.review.drafts.schemas import edited
from services.review.views import drafts, preview, reading
from services.review.views.access import needs
from services.review.views.api.answers.drafts import Changes, Reach
from services.review.views.api.drafts import WRITTEN
from services.review.views.area import reach_of, rings_of
from services.review.views.bodies import members
from services.review.views.context import tools
from services.review.views.shapes import Json
from shared import cap
from shared.errors import NotAllowed
from shared.language import language
from shared.messages import AlertRing
from shared.openapi import File, operation
from shared.schema import schema_for

RING = schema_for(AlertRing)

pages = Blueprint("api_composing", __name__)


@pages.post("/drafts/<id:draft_id>/area")
@needs("draft.write")
@operation("See which regions an area would touch", takes=WRITTEN, gives=Reach)
def area(draft_id: str) -> Response:
    """Of the draft as it is, with the fields that are sent in their place. Saves nothing."""
    read = reading.draft(draft_id)
    if read.details is None or read.fields is None:
        raise NotAllowed("erased", "the case has been erased")
    fields = edited(read.fields, members())
    rings = rings_of(read.details, fields)
    found = reach_of(read.details, fields, rings)
    regions = [asdict(each) | {"name": tools().regions.get(each.code).name(language())} for each in found.regions]
    touched = [{name: value for name, value in each.items() if name != "km2"} for each in regions]
    return jsonify(
        km2=found.km2,
        regions=touched,
        apart=found.apart,
        rings=[RING.dump(each) for each in (rings if without_rings_if_test(tools(), fields).rings else ())],
    )


@pages.get("/drafts/<id:draft_id>/changes")
@needs("case.read")
@operation("Read what a version changes", gives=Changes)
def changes(draft_id: str) -> Response:
    found = {which: _changed(rows) for which, _, rows in drafts.compared(reading.draft(draft_id))}
    return jsonify(of_live=found.get("live"), of_returned=found.get("returned"))


@pages.get("/drafts/<id:draft_id>/photo")
@needs("photo.read")
@operation("See the photo exactly as it would be published", gives=File(("image/jpeg",)), problems=[409])
def picture(draft_id: str) -> ResponseReturnValue:
    return drafts.picture(draft_id)


@pages.get("/drafts/<id:draft_id>/cap")
@needs("case.read")
@operation("Preview a version as CAP", gives=File((cap.MEDIA_TYPE,)), problems=[409])
def document(draft_id: str) -> Response:
    """Its time, its number and the photos' addresses are only known once it is published."""
    read = reading.draft(draft_id)
    said = preview.content_of(read)
    if said is None:
        raise NotAllowed("incomplete", "expires" if read.fields else "erased")
    return Response(preview.document(read, said), mimetype=cap.MEDIA_TYPE)


def _changed(rows: list[Difference]) -> list[Json]:
    return [{"name": row.name, "language": row.language, "before": row.before, "after": row.after} for row in rows]
