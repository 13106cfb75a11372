"""From a draft and its case to what the public may read: nothing else leaves the desk."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from services.review import photos as kept
from services.review.cases import store as cases
from services.review.cases.models import Case
from services.review.cases.rules import age_on
from services.review.cases.schemas import Details
from services.review.drafts.reach import rings_of
from services.review.drafts.rules import PLACE_ROUNDED_KM, cap_status
from services.review.drafts.schemas import DraftFields
from services.review.drafts.testing import as_test
from services.review.tools import Tools
from shared.blobs import hand_over
from shared.errors import NotAllowed
from shared.geo import rounded
from shared.messages import AlertContent, CapStatus, Language, PublishedPhoto
from shared.photos import CleanPhoto, clean, crop

ALT: tuple[tuple[Language, str], ...] = (("en", "Photograph of the missing child"), ("zh", "失踪儿童的照片"))


def publishable(session: Session, tools: Tools, case: Case, fields: DraftFields, now: datetime) -> AlertContent:
    """The alert's content, effective now; hands the approved crop over to the alerts room.

    Raises NotAllowed("photo_foreign") for a photo of another case, "erased"; ValueError when `expires` is missing.
    """
    testing = status_of(tools, fields) == "Test"
    return said(tools, case, fields, now, () if testing else _published(session, tools, case, fields))


def said(
    tools: Tools, case: Case, fields: DraftFields, now: datetime, photos: tuple[PublishedPhoto, ...] = ()
) -> AlertContent:
    """What the alert would say, with these photos. Raises NotAllowed("erased"); ValueError without `expires`."""
    if fields.expires is None:
        raise ValueError("a draft without an end cannot be published")
    details = cases.readable(tools, case)
    seen = fields.seen or details.last_seen
    lat, lon = rounded(seen.lat, seen.lon, PLACE_ROUNDED_KM)
    first, *later = rings_of(tools.regions, without_rings_if_test(tools, fields), lat, lon, seen.at, now)
    content = AlertContent(
        status=status_of(tools, fields), event_code=fields.event_code, texts=fields.texts,
        contact=fields.contact, child_name=details.child.name if fields.show_name else None,
        age_when_last_seen=_age(details), sex=details.child.sex, last_seen_at=seen.at,
        last_seen_place=fields.last_seen_place, lat=lat, lon=lon, radius_km=first.radius_km,
        regions=first.regions, effective=now, expires=fields.expires,
        photos=photos, polygon=fields.polygon, rings=tuple(later),
    )  # fmt: skip
    return as_test(content, tools.regions, tools.room.settings.sender) if content.status == "Test" else content


def without_rings_if_test(tools: Tools, fields: DraftFields) -> DraftFields:
    """A Test goes to the chosen regions alone, and never widens."""
    return replace(fields, rings=()) if status_of(tools, fields) == "Test" else fields


def status_of(tools: Tools, fields: DraftFields) -> CapStatus:
    """CAP's status, were it published now."""
    return cap_status(tools.room.settings.exercise, fields.test)


def _age(details: Details) -> int:
    return age_on(details.child.born, details.last_seen.at.astimezone(UTC).date())


def picture(session: Session, tools: Tools, case: Case, fields: DraftFields) -> CleanPhoto | None:
    """The photo as the public would see it: cropped and re-encoded. None if the draft has none.

    Raises NotAllowed("photo_foreign", "erased").
    """
    if fields.photo_id is None:
        return None
    photo = next((photo for photo in kept.of_case(session, case.id) if photo.id == fields.photo_id), None)
    if photo is None:
        raise NotAllowed("photo_foreign", "the photo does not belong to this case")
    data = kept.plain(session, tools, photo)
    return crop(data, fields.crop) if fields.crop else clean(data)


def alt_of(fields: DraftFields) -> tuple[tuple[Language, str], ...]:
    """What the photo shows, in words: the officer's, else plain ones."""
    return fields.alt or ALT


def _published(session: Session, tools: Tools, case: Case, fields: DraftFields) -> tuple[PublishedPhoto, ...]:
    shown = picture(session, tools, case, fields)
    if shown is None:
        return ()
    store = tools.room.outgoing("alerts")
    reference = hand_over(store, shown.data, media_type=shown.media_type, width=shown.width, height=shown.height)
    return (PublishedPhoto(reference, alt_of(fields), fields.credit),)
