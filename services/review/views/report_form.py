"""A report that an officer writes down for a family, as a page's form or as a program's JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from flask import request
from flask_babel import gettext
from marshmallow import ValidationError

from services.review.cases.rules import ADULT, age_on
from services.review.cases.scribing import MOST_PHOTOS, Dictated, How
from services.review.views.context import now
from services.review.views.probe_form import said_of_photo
from shared.messages import Child, Language, LastSeen, Reporter, Sex
from shared.photos import CleanPhoto, PhotoError, clean
from shared.schema import between, longest, schema_for

REQUEST_LIMIT = MOST_PHOTOS * 20 * 1024 * 1024 + 1024 * 1024


@dataclass(frozen=True)
class WrittenReport:
    """A report as it is sent. `how` it reached the desk."""

    how: How
    child_name: str = field(metadata=longest(200))
    born: date
    sex: Sex
    seen_at: datetime
    place: str = field(metadata=longest(400))
    lat: float = field(metadata=between(-90, 90))
    lon: float = field(metadata=between(-180, 180))
    reporter_name: str = field(metadata=longest(200))
    relation: str = field(metadata=longest(200))
    appearance: str = field(default="", metadata=longest(4000))
    circumstances: str = field(default="", metadata=longest(8000))
    phone: str = field(default="", metadata=longest(60))
    email: str = field(default="", metadata=longest(320))
    language: Language = "en"


GIVEN = schema_for(WrittenReport)
NAMES = tuple(item.name for item in fields(WrittenReport))
_NEEDED = ("child_name", "place", "reporter_name", "relation")


def read(sent: Mapping[str, Any]) -> Dictated:
    """Raises ValidationError, by field."""
    given: WrittenReport = GIVEN.load(dict(sent))
    faults = {name: [gettext("Please fill this in.")] for name in _NEEDED if not getattr(given, name).strip()}
    faults |= _faults(given)
    if faults:
        raise ValidationError(faults)
    return Dictated(
        given.how,
        Child(given.child_name.strip(), given.born, given.sex, given.appearance.strip()),
        LastSeen(given.seen_at, given.place.strip(), given.lat, given.lon, given.circumstances.strip()),
        Reporter(given.reporter_name.strip(), given.relation.strip(), *_contact(given)),
        given.language,
    )


def _contact(given: WrittenReport) -> tuple[str | None, str | None]:
    return given.email.strip() or None, given.phone.strip() or None


def _faults(given: WrittenReport) -> dict[str, list[str]]:
    faults = {}
    if given.seen_at > now():
        faults["seen_at"] = [gettext("This time has not come yet.")]
    if given.born > given.seen_at.date():
        faults["born"] = [gettext("The date of birth lies after the day last seen.")]
    elif age_on(given.born, given.seen_at.date()) >= ADULT:
        faults["born"] = [gettext("The person was 18 or older when last seen. Only missing minors are registered.")]
    if not given.phone.strip() and not given.email.strip():
        faults["phone"] = [gettext("Please give a telephone number or an e-mail address of the reporter.")]
    return faults


def pictures(least: int = 0) -> list[CleanPhoto]:
    """The request's photos, cleaned, each once. Raises ValidationError at `photos`."""
    found: dict[str, CleanPhoto] = {}
    for sent in request.files.getlist("photos"):
        if not sent.filename:
            continue
        try:
            picture = clean(sent.stream.read())
        except PhotoError as error:
            raise ValidationError({"photos": [said_of_photo(error.code)]}) from error
        found[picture.digest] = picture
    if len(found) < least:
        raise ValidationError({"photos": [gettext("Please choose a photo.")]})
    if len(found) > MOST_PHOTOS:
        raise ValidationError({"photos": [gettext("Please choose at most %(limit)s photos.", limit=MOST_PHOTOS)]})
    return list(found.values())
