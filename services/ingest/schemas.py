"""The JSON of a report and of a sighting, as it comes in. The HTML forms are turned into the same JSON."""

from typing import get_args

from marshmallow import Schema

from services.ingest import rules
from services.ingest.fields import Choice, Day, Moment, Number, Part, Row, Spot, Text, Truth
from shared.messages import Language


class _Input(Schema):
    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}


class _Place(_Input):
    lat = Number(-90, 90, "off_the_globe", required=True)
    lon = Number(-180, 180, "off_the_globe", required=True)


class _Child(_Input):
    name = Text(200, required=True)
    born = Day(required=True)
    sex = Choice("female", "male", "unknown", required=True)
    appearance = Text(4000, load_default="")


class _LastSeen(_Place):
    at = Moment(required=True)
    place = Text(400, required=True)
    circumstances = Text(8000, load_default="")


class _Reporter(_Input):
    name = Text(200, required=True)
    relation = Text(200, required=True)
    email = Text(320, load_default=None, allow_none=True)
    phone = Text(60, load_default=None, allow_none=True)


class _Photo(_Input):
    taken = Day(load_default=None, allow_none=True)
    age = Number(0, rules.ADULT, "bad_age", load_default=None, allow_none=True)
    face = Spot(load_default=None, allow_none=True)


class ReportSchema(_Input):
    """The JSON part `report` of `POST /api/v1/reports`."""

    child = Part(_Child, required=True)
    last_seen = Part(_LastSeen, required=True)
    reporter = Part(_Reporter, required=True)
    photos = Row(Part(_Photo, allow_none=True), 50, load_default=list)
    language = Choice(*get_args(Language), load_default="en")
    consent = Truth(required=True)


class _SightingPhoto(_Input):
    faces = Row(Spot(), 50, load_default=None, allow_none=True)
    age = Number(0, rules.OLDEST, "bad_age", load_default=None, allow_none=True)


class SightingSchema(_Place):
    """The JSON part `sighting` of `POST /api/v1/sightings`."""

    alert = Text(64, load_default=None, allow_none=True)
    seen_at = Moment(required=True)
    place = Text(400, required=True)
    note = Text(8000, load_default="")
    in_danger = Truth(required=True)
    photos = Row(Part(_SightingPhoto, allow_none=True), 50, load_default=list)
    contact = Text(400, load_default=None, allow_none=True)
    language = Choice(*get_args(Language), load_default="en")
